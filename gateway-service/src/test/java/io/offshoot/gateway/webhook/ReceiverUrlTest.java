package io.offshoot.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReceiverUrlTest {

    private static final Set<Integer> PORTS = Set.of(443, 8443);

    /** Every way we know to write an address that must not be called; {@link WebhookTest} sends them all. */
    static String[] refused() {
        return new String[] {
            // not https
            "http://hooks.example.org/",
            "HTTP://hooks.example.org/",
            "ftp://hooks.example.org/",
            "file:///etc/passwd",
            "gopher://hooks.example.org/",
            "https:hooks.example.org",
            "https:/hooks.example.org",
            "https:///x",
            "//hooks.example.org/",
            "hooks.example.org",
            "",
            "https://",
            "javascript:alert(1)",
            "jar:https://a.example.org!/",
            "http://127.0.0.1/",
            "http://[::1]/",
            // this machine and other networks, by address
            "https://127.0.0.1/",
            "https://127.0.0.1:8443/",
            "https://10.0.0.1/",
            "https://192.168.0.1/",
            "https://172.16.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.64.0.1/",
            "https://100.100.100.200/",
            "https://0.0.0.0/",
            "https://255.255.255.255/",
            "https://224.0.0.1/",
            "https://198.18.0.1/",
            "https://192.0.2.1/",
            "https://168.63.129.16/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[::127.0.0.1]/",
            "https://[0:0:0:0:0:ffff:169.254.169.254]/",
            "https://[64:ff9b::127.0.0.1]/",
            "https://[2002:7f00:1::]/",
            "https://[2001:0:7f00:1::]/",
            "https://[fe80::1]/",
            "https://[fe80::1%25eth0]/",
            "https://[fe80::1%eth0]/",
            "https://[fd00:ec2::254]/",
            "https://[fc00::1]/",
            "https://[ff02::1]/",
            "https://[2001:db8::1]/",
            "https://[::1",
            "https://::1/",
            "https://[v1.x]/",
            // by address, written in another way
            "https://2130706433/",
            "https://017700000001/",
            "https://0x7f000001/",
            "https://0X7F000001/",
            "https://127.1/",
            "https://127.0.1/",
            "https://0x7f.1/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://127.0.0.01/",
            "https://127.0.0.0x1/",
            "https://00.0.0.0/",
            "https://0/",
            "https://0x/",
            "https://256.1.1.1/",
            "https://127.0.0.1./",
            "https://1.2.3.4.5/",
            "https://3232235521/",
            "https://１２７.０.０.１/",
            "https://①②⑦.0.0.1/",
            "https://127。0。0。1/",
            "https://%31%32%37.0.0.1/",
            // by name
            "https://localhost/",
            "https://LOCALHOST/",
            "https://localhost./",
            "https://localhost.localdomain/",
            "https://a.localhost/",
            "https://metadata.google.internal/",
            "https://printer.local/",
            "https://db.corp/",
            "https://router.lan/",
            "https://router.home.arpa/",
            "https://nas.home/",
            "https://intranet/",
            "https://metadata/",
            "https://hooks.example.org./",
            "https://1.0.0.127.in-addr.arpa/",
            "https://x.onion/",
            "https://hooks..example.org/",
            "https://-hooks.example.org/",
            "https://hooks_x.example.org/",
            "https://ｅxample.org/",
            "https://exämple.org/",
            "https://hooks.exa%6dple.org/",
            "https://a.123/",
            "https://a.0x7f/",
            // what another reader takes for another host
            "https://user@hooks.example.org/",
            "https://user:word@hooks.example.org/",
            "https://hooks.example.org@127.0.0.1/",
            "https://127.0.0.1@hooks.example.org/",
            "https://@hooks.example.org/",
            "https://hooks.example.org#@127.0.0.1/",
            "https://hooks.example.org/#x",
            "https://hooks.example.org\\@127.0.0.1/",
            "https:\\\\127.0.0.1/",
            "https://127.0.0.1\\.example.org/",
            "https://hooks.example.org:443@127.0.0.1/",
            "https://hooks.example.org/\r\nHost: 127.0.0.1",
            "https://hooks.example.org/\nx",
            "https://hooks.example.org/a b",
            " https://hooks.example.org/",
            "https://hooks.example.org/\t",
            "https://hooks.example.org/\u0000",
            "https://hooks.example.org\u200b/",
            "https://hooks.example.org/ä",
            // ports
            "https://hooks.example.org:22/",
            "https://hooks.example.org:25/",
            "https://hooks.example.org:80/",
            "https://hooks.example.org:0/",
            "https://hooks.example.org:6379/",
            "https://hooks.example.org:65536/",
            "https://hooks.example.org:-443/",
            "https://hooks.example.org:443443443443/",
            "https://hooks.example.org:x/",
            "https://hooks.example.org/" + "x".repeat(2_000)
        };
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatMustNotBeCalledIsRefusedInWordsThatRepeatNothingOfIt(String url) {
        assertThatThrownBy(() -> ReceiverUrl.parse(url, PORTS, Set.of()))
                .isInstanceOf(ReceiverUrl.Refused.class)
                .hasMessageNotContaining("127.0.0.1")
                .hasMessageNotContaining("hooks.example.org");
    }

    @ParameterizedTest
    @CsvSource({
        "https://hooks.example.org, hooks.example.org, 443, /, hooks.example.org",
        "HtTpS://Hooks.Example.ORG/a/b?c=d, hooks.example.org, 443, /a/b?c=d, hooks.example.org",
        "https://hooks.example.org:8443/x, hooks.example.org, 8443, /x, hooks.example.org:8443",
        "https://xn--exmple-cua.org/, xn--exmple-cua.org, 443, /, xn--exmple-cua.org",
        "https://1.1.1.1/, 1.1.1.1, 443, /, 1.1.1.1",
        "https://[2606:4700::1111]/, 2606:4700::1111, 443, /, [2606:4700::1111]",
        "https://127.0.0.1.example.org/a%20b, 127.0.0.1.example.org, 443, /a%20b, 127.0.0.1.example.org"
    })
    void anAddressOfThePublicInternetIsTaken(String url, String host, int port, String path, String authority)
            throws Exception {
        var parsed = ReceiverUrl.parse(url, PORTS, Set.of());

        assertThat(parsed.tls()).isTrue();
        assertThat(parsed.host()).isEqualTo(host);
        assertThat(parsed.port()).isEqualTo(port);
        assertThat(parsed.path()).isEqualTo(path);
        assertThat(parsed.authority()).isEqualTo(authority);
    }

    @Test
    void whatIsListedMayBeCalledAndNothingBesideIt() throws Exception {
        var allowed = Set.of("127.0.0.1:9000");

        var parsed = ReceiverUrl.parse("http://127.0.0.1:9000/x", PORTS, allowed);

        assertThat(parsed.tls()).isFalse();
        assertThat(parsed.allowed()).isTrue();
        for (String other :
                new String[] {"http://127.0.0.1:9001/", "http://127.0.0.2:9000/", "http://x@127.0.0.1:9000/"}) {
            assertThatThrownBy(() -> ReceiverUrl.parse(other, PORTS, allowed)).isInstanceOf(ReceiverUrl.Refused.class);
        }
    }
}
