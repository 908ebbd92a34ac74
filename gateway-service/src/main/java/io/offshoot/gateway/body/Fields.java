package io.offshoot.gateway.body;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Looks at the fields of one body, and names everything that does not fit at once. No value is repeated in what it says.
 */
public final class Fields {

    private static final int LONGEST_NAME = 100;
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final List<Problem.Invalid> invalid = new ArrayList<>();

    /** Something for people to read: one line, and nothing in it that a log or a terminal would obey. */
    public String name(String pointer, String value) {
        if (value == null || value.isBlank()) {
            refuse(pointer, "This must be given.");
        } else if (value.codePointCount(0, value.length()) > LONGEST_NAME) {
            refuse(pointer, "This must have %d characters at most.".formatted(LONGEST_NAME));
        } else if (!value.codePoints().allMatch(Fields::isPlain)) {
            refuse(pointer, "This must be one line without control characters.");
        }
        return value == null ? null : value.strip();
    }

    /** An id that the caller chooses. */
    public String id(String pointer, String value) {
        if (value == null || !ID.matcher(value).matches()) {
            refuse(pointer, "This must be of lower-case letters, digits and hyphens, 63 characters at most.");
        }
        return value;
    }

    /** One of a few words, written in lower case. */
    public <E extends Enum<E>> E choice(String pointer, String value, Class<E> choices) {
        return word(value, choices).orElseGet(() -> {
            var words = new ArrayList<String>();
            for (E choice : choices.getEnumConstants()) {
                words.add(choice.name().toLowerCase(Locale.ROOT));
            }
            refuse(pointer, "This must be one of " + String.join(", ", words) + ".");
            return null;
        });
    }

    /** A value that is read by something that throws if it cannot. */
    public <T> T read(String pointer, String detail, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (RuntimeException e) {
            refuse(pointer, detail);
            return null;
        }
    }

    public void refuse(String pointer, String detail) {
        invalid.add(new Problem.Invalid(pointer, detail));
    }

    /** Ends the request if anything did not fit. */
    public void check() {
        if (!invalid.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ProblemType.INVALID_REQUEST, ProblemType.INVALID_REQUEST.title() + ".", invalid));
        }
    }

    private static <E extends Enum<E>> Optional<E> word(String value, Class<E> choices) {
        for (E choice : choices.getEnumConstants()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(value)) {
                return Optional.of(choice);
            }
        }
        return Optional.empty();
    }

    /** No control characters, no line ends of any script, nothing that turns the direction of writing, no half characters. */
    private static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
