package io.offshoot.gateway.secret;

import io.offshoot.sealing.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** What can be a secret. */
public final class SecretValue {

    private static final int LONGEST = 32 * 1024;
    private static final char NUL = 0;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private SecretValue() {}

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Why this text cannot be one, without a word of it; empty if it can. */
    public static Optional<String> wrong(String text) {
        if (text == null || text.isEmpty()) {
            return Optional.of("must be text of one character at least");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            return Optional.of("is longer than 32 KiB");
        }
        return text.indexOf(NUL) >= 0
                ? Optional.of("has the character U+0000, which no variable can have")
                : Optional.empty();
    }

    /** @throws IllegalArgumentException if it cannot be one */
    public static Secret of(String text) {
        wrong(text).ifPresent(why -> {
            throw new IllegalArgumentException("A secret " + why);
        });
        return Secret.of(text);
    }
}
