package io.offshoot.localstack.scenario;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Values that must be nowhere, in any of the forms in which they could have been written: in clear, in base64 wherever in
 * a longer text it began, in hexadecimal, as part of a URL, and as JSON.
 */
final class Sentinels {

    /** What precedes it shifts a value within base64 by none, one or two bytes. */
    private static final int ALIGNMENTS = 3;

    /** Each form, in bytes as Latin-1 shows them, with what it is a form of. */
    private final Map<String, String> forms = new LinkedHashMap<>();

    private final TreeSet<String> found = new TreeSet<>();

    /** @param what it is, for whoever reads where it was found */
    void plant(String what, String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        form(what + " in clear", bytes);
        for (int shift = 0; shift < ALIGNMENTS; shift++) {
            form(what + " in base64", aligned(Base64.getEncoder(), bytes, shift));
            form(what + " in base64url", aligned(Base64.getUrlEncoder(), bytes, shift));
        }
        form(what + " in hex", HexFormat.of().formatHex(bytes));
        form(what + " in HEX", HexFormat.of().withUpperCase().formatHex(bytes));
        form(what + " as a form's field", URLEncoder.encode(value, StandardCharsets.UTF_8));
        form(
                what + " in a URL",
                URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        form(
                what + " in a URL",
                URLEncoder.encode(value, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .toLowerCase(java.util.Locale.ROOT));
        form(what + " in %xx", HexFormat.of().withPrefix("%").withUpperCase().formatHex(bytes));
        form(
                what + " in JSON",
                value.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"));
        form(what + " in UTF-16", value.getBytes(StandardCharsets.UTF_16BE));
    }

    private void form(String what, String text) {
        form(what, text.getBytes(StandardCharsets.UTF_8));
    }

    private void form(String what, byte[] bytes) {
        forms.putIfAbsent(new String(bytes, StandardCharsets.ISO_8859_1), what);
    }

    /** The characters that the value alone decides, wherever the encoded text began. */
    private static String aligned(Base64.Encoder encoder, byte[] bytes, int shift) {
        var shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        var text = encoder.withoutPadding().encodeToString(shifted);
        return text.substring((shift * 8 + 5) / 6, shifted.length * 8 / 6);
    }

    /** Every form of one value, to be planted where a search must find it. */
    static List<String> everyForm(String value) {
        var control = new Sentinels();
        control.plant("control", value);
        return List.copyOf(control.forms.keySet());
    }

    void look(String place, String text) {
        look(place, text.getBytes(StandardCharsets.UTF_8));
    }

    void look(String place, byte[] bytes) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        forms.forEach((form, what) -> {
            if (text.contains(form)) {
                found.add("%s: %s".formatted(place, what));
            }
        });
    }

    /** Every file below a folder, as the bytes it has. @return how many there were */
    int lookInFiles(Path folder, Predicate<Path> which) throws IOException {
        List<Path> files = new ArrayList<>();
        try (var all = Files.walk(folder)) {
            all.filter(Files::isRegularFile).filter(which).forEach(files::add);
        }
        for (Path file : files) {
            try {
                look("the file " + folder.getFileName() + "/" + folder.relativize(file), Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                // A server that runs makes its caches anew now and then.
                continue;
            }
        }
        return files.size();
    }

    /** Where something was found, and in which form. */
    TreeSet<String> found() {
        return found;
    }
}
