package io.offshoot.localstack.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.localstack.StackException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {

    @TempDir
    private Path parent;

    @Test
    void aPortStaysTheSameInTheNextRun() throws Exception {
        try (var folder = DataFolder.open(parent.resolve("data"), "sandbox")) {
            var first = Ports.in(folder).free("kafka");

            assertThat(Ports.in(folder).free("kafka")).isEqualTo(first);
        }
    }

    @Test
    void noTwoNamesGetTheSamePort() throws Exception {
        try (var folder = DataFolder.open(parent.resolve("data"), "sandbox")) {
            var ports = Ports.in(folder);

            assertThat(ports.free("kafka")).isNotEqualTo(ports.free("postgres"));
        }
    }

    @Test
    void aPortThatSomebodyHasTakenIsReplaced() throws Exception {
        try (var folder = DataFolder.open(parent.resolve("data"), "sandbox")) {
            var port = Ports.in(folder).free("kafka");

            try (var taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                assertThat(Ports.in(folder).free("kafka")).isNotEqualTo(taken.getLocalPort());
            }
        }
    }

    @Test
    void aPortThatAddressesContainIsNeverReplaced() throws Exception {
        try (var folder = DataFolder.open(parent.resolve("data"), "sandbox")) {
            var port = Ports.in(folder).same("provider-sandbox", "sandbox");

            try (var taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                assertThatThrownBy(() -> Ports.in(folder).same("provider-sandbox", "sandbox"))
                        .isInstanceOf(StackException.class)
                        .hasMessageContaining("Port " + taken.getLocalPort());
            }
            assertThat(Ports.in(folder).same("provider-sandbox", "sandbox")).isEqualTo(port);
        }
    }
}
