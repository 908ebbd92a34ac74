package io.offshoot.contracts.secret;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where in the vault a hub keeps a secret that it does not enter here. The path is below the hub's own: no reference can
 * leave that.
 *
 * @param path of one secret in a KV engine, below the hub's
 * @param key which of that secret's values
 */
public record VaultReference(String path, String key) {

    private static final int LONGEST = 200;
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
    private static final Pattern PATH = Pattern.compile(PART + "(/" + PART + ")*");

    /** @throws IllegalArgumentException if one of them cannot be that; neither is in the message */
    public VaultReference {
        wrongPath(path).or(() -> wrongKey(key)).ifPresent(why -> {
            throw new IllegalArgumentException("A place in the vault " + why);
        });
    }

    /** Why this cannot be a path; empty if it can. */
    public static Optional<String> wrongPath(String path) {
        return path != null && path.length() <= LONGEST && PATH.matcher(path).matches()
                ? Optional.empty()
                : Optional.of(
                        "must be names of letters, digits, _, - and ., with / between them; none begins with a dot; 200 characters at most");
    }

    /** Why this cannot be a key; empty if it can. */
    public static Optional<String> wrongKey(String key) {
        return key != null && key.length() <= LONGEST && PART.matcher(key).matches()
                ? Optional.empty()
                : Optional.of("must be a name of letters, digits, _, - and ., 200 characters at most");
    }
}
