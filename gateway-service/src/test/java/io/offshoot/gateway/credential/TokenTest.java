package io.offshoot.gateway.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @EnumSource
    void aTokenIsReadAsItWasMade(Tokens.Kind kind) {
        var token = Token.random(kind, random);

        var parsed = Token.parse(token.reveal());

        assertThat(parsed).isPresent();
        assertThat(parsed.get().id()).isEqualTo(token.id()).hasSize(12);
        assertThat(parsed.get().hash()).isEqualTo(token.hash());
        assertThat(token.reveal()).startsWith("off_" + kind.mark() + "_" + token.id() + "_");
    }

    @Test
    void noTwoTokensHaveTheSameIdOrHash() {
        var one = Token.random(Tokens.Kind.API_KEY, random);
        var other = Token.random(Tokens.Kind.API_KEY, random);

        assertThat(one.id()).isNotEqualTo(other.id());
        assertThat(one.hash()).isNotEqualTo(other.hash());
    }

    @Test
    void everyMistypedCharacterIsNoticed() {
        var text = Token.random(Tokens.Kind.API_KEY, random).reveal();

        for (int i = 0; i < text.length(); i++) {
            var wrong = text.charAt(i) == 'a' ? 'b' : 'a';
            assertThat(Token.parse(text.substring(0, i) + wrong + text.substring(i + 1)))
                    .isEmpty();
        }
    }

    @Test
    void twoCharactersInTheWrongOrderAreNoticed() {
        var text = Token.random(Tokens.Kind.SIGN_IN, random).reveal();

        for (int i = 8; i < text.length() - 1; i++) {
            if (text.charAt(i) != text.charAt(i + 1)) {
                var swapped = text.substring(0, i) + text.charAt(i + 1) + text.charAt(i) + text.substring(i + 2);
                assertThat(Token.parse(swapped)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "off_key_",
                "off_pat_0123456789ab_0123456789abcdef0123456789abcdef0123",
                "off_key_0123456789ab_0123456789abcdef0123456789abcdef0123",
                "off_key_0123456789ab_0123456789abcdef0123456789abcdef0123\n",
                "north-owner"
            })
    void whatWeCannotHaveMadeIsNoToken(String text) {
        assertThat(Token.parse(text)).isEmpty();
    }

    @Test
    void aTokenNeverPrintsItsSecret() {
        var token = Token.random(Tokens.Kind.API_KEY, random);

        assertThat(token.toString()).doesNotContain(token.reveal().substring(21));
    }
}
