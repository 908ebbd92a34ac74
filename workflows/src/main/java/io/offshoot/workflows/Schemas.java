package io.offshoot.workflows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schemas beside the definitions. */
final class Schemas {

    private Schemas() {}

    /** The text of <code>workflows/{name}.schema.json</code>. */
    static String text(String name) {
        var resource = "/workflows/" + name + ".schema.json";
        try (var in = Schemas.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("The schema %s is missing".formatted(resource));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
