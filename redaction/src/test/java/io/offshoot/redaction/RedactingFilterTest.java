package io.offshoot.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactingFilterTest {

    private final RedactingFilter filter = new RedactingFilter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ghp_PLANTEDplantedPLANTEDplanted012345678",
                "ghs_PLANTEDplantedPLANTEDplanted012345678",
                "gho_PLANTEDplantedPLANTEDplanted012345678",
                "github_pat_11PLANTED0_planted0PLANTED0planted0PLANTED",
                "off_key_7Hq2_PLANTEDplantedPLANTEDplantedPLANTED",
                "off_tok_7Hq2_PLANTEDplantedPLANTEDplantedPLANTED",
                "vcp_PLANTEDplantedPLANTEDplanted",
                "Bearer PLANTEDplantedPLANTED012",
                "authorization: bearer PLANTEDplantedPLANTED012",
                "Basic UExBTlRFRHBsYW50ZWRQTEFOVEVE",
                "https://api.telegram.org/bot123456789:PLANTEDplanted-PLANTED_planted01234/getMe",
                "whsec_PLANTEDplantedPLANTED+/planted=",
                "-----BEGIN PRIVATE KEY-----\nPLANTEDplanted\nPLANTED\n-----END PRIVATE KEY-----",
                "eyJhbGciOiJSUzI1NiJ9.eyJQTEFOVEVEIjoxfQ.PLANTEDplanted-_",
                "https://me:PLANTEDplanted@example.org/path"
            })
    void whatHasTheShapeOfATokenIsTakenOutAndTheRestStays(String token) {
        var record = record("before %s after", token);

        filter.isLoggable(record);

        assertThat(shown(record))
                .startsWith("before ")
                .endsWith(" after")
                .contains(Redaction.HIDDEN)
                .doesNotContain("PLANTED", "UExBTlRFRH", "QTEFOVEVE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accepted TRIGGER of 019aa600-0000-7000-8000-00000000000e/docs/repository as 0190",
                "The bearer of this note",
                "https://example.org:8080/path",
                "12:34:56.789 offshoot started at 127.0.0.1:5432",
                "github_pat_ and ghp_ are how tokens begin",
                "c0ffee0123456789c0ffee0123456789c0ffee01"
            })
    void whatIsNoTokenStaysAsItIs(String text) {
        var record = record("%s", text);

        assertThat(filter.isLoggable(record)).isTrue();

        assertThat(shown(record)).isEqualTo(text);
    }

    @Test
    void aKeyThatWasCutOffTakesTheRestWithIt() {
        assertThat(Redaction.of("before -----BEGIN RSA PRIVATE KEY-----\nPLANTED\nplanted"))
                .isEqualTo("before •••");
    }

    @Test
    void theMessagesOfWhatWasThrownAreRedactedWithTheirCauses() {
        var cause = new IllegalStateException("GET with ghp_PLANTEDplantedPLANTEDplanted012345678");
        var thrown = new RuntimeException("It failed", cause);
        thrown.addSuppressed(new IllegalArgumentException("Bearer PLANTEDplantedPLANTED012"));
        var record = record("It failed%s", "");
        record.setThrown(thrown);

        filter.isLoggable(record);

        var text = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(text));
        assertThat(text.toString())
                .doesNotContain("PLANTED")
                .contains("java.lang.IllegalStateException: GET with •••", "IllegalArgumentException", "It failed")
                .contains("theMessagesOfWhatWasThrownAreRedactedWithTheirCauses");
    }

    @Test
    void whatWasThrownIsLeftAloneWhereThereIsNoToken() {
        var thrown = new IllegalStateException("Nothing to hide");
        var record = record("It failed%s", "");
        record.setThrown(thrown);

        filter.isLoggable(record);

        assertThat(record.getThrown()).isSameAs(thrown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-----BEGIN PRIVATE KEY-----", "ghp_", "eyJaaaaaaaaaa.", "Bearer ", "://a:", "123456:"})
    void noTextTakesLong(String piece) {
        var text = piece.repeat(20_000);

        Assertions.assertTimeout(Duration.ofSeconds(10), () -> Redaction.of(text));
    }

    private static String shown(ExtLogRecord record) {
        return new PatternFormatter("%s").formatMessage(record);
    }

    private static ExtLogRecord record(String format, String parameter) {
        var record = new ExtLogRecord(Level.INFO, format, ExtLogRecord.FormatStyle.PRINTF, "test");
        record.setParameters(new Object[] {parameter});
        return record;
    }
}
