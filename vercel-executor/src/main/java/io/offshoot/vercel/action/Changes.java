package io.offshoot.vercel.action;

import io.offshoot.contracts.message.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Collects in what something differs from what it should be. */
final class Changes {

    private final List<Finding.Change> found = new ArrayList<>();

    /** Notes a field if it differs. Neither value may be a secret. */
    Changes compare(String pointer, Object from, Object to) {
        if (!Objects.equals(from, to)) {
            found.add(new Finding.Change(pointer, text(from), text(to)));
        }
        return this;
    }

    /** Notes that a field differs, where its values are not to be shown. */
    void note(String pointer) {
        found.add(new Finding.Change(pointer, null, null));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<Finding.Change> list() {
        return List.copyOf(found);
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }
}
