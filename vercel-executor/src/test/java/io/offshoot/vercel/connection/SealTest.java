package io.offshoot.vercel.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {

    private final Seal seal = new Seal("planted-token");

    @Test
    void whatIsClosedOpensWithTheSameTokenAndForTheSameThing() {
        var closed = seal.close("the code", "prj_1");

        assertThat(closed).doesNotContain("code", "planted");
        assertThat(new Seal("planted-token").open(closed, "prj_1")).contains("the code");
        assertThat(seal.open(closed, "prj_2")).isEmpty();
        assertThat(new Seal("another-token").open(closed, "prj_1")).isEmpty();
    }

    @Test
    void theSameTextIsClosedDifferentlyEachTime() {
        assertThat(seal.close("the code", "prj_1")).isNotEqualTo(seal.close("the code", "prj_1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "no base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void whatWasNeverClosedDoesNotOpen(String text) {
        assertThat(seal.open(text, "prj_1")).isEmpty();
    }

    @Test
    void oneChangedLetterKeepsItClosed() {
        var closed = seal.close("the code", "prj_1");
        var changed = (closed.charAt(20) == 'A' ? 'B' : 'A');

        assertThat(seal.open(closed.substring(0, 20) + changed + closed.substring(21), "prj_1"))
                .isEmpty();
    }
}
