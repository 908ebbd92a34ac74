package io.offshoot.gateway.page;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a page of the console begins with, told with the first answer. A browser would find it file by file, and on a slow
 * line each of these steps is a wait; so it asks for all of it at once.
 */
@Singleton
class Preloads {

    private static final String BUNDLE = "/static/bundle/";
    private static final Pattern SCRIPT = Pattern.compile("src=\"(" + BUNDLE + "[^\"]+\\.js)\"");
    private static final Pattern STATIC = Pattern.compile("(?:from|import)\"(" + BUNDLE + "[^\"]+\\.js)\"");
    private static final Pattern ON_DEMAND = Pattern.compile("import\\(\"(" + BUNDLE + "[^\"]+\\.js)\"\\)");
    private static final Pattern DEPLOYMENT = Pattern.compile("/deployments/[^/]+/?");

    private static final List<String> LANGUAGES = List.of("en", "fr", "sw", "pt");

    private final Set<String> always = new LinkedHashSet<>();
    private final List<String> onDemand;

    Preloads() {
        SCRIPT.matcher(read("/index.html")).results().forEach(found -> takeIn(found.group(1), always));
        onDemand = always.stream()
                .flatMap(path -> ON_DEMAND.matcher(read(path)).results())
                .map(found -> found.group(1))
                .toList();
    }

    /**
     * The value of the header <code>Link</code> for a page of the console.
     *
     * @param path of the page
     * @param accepted the header Accept-Language; null if there is none
     */
    String of(String path, String accepted) {
        var files = new LinkedHashSet<>(always);
        if (DEPLOYMENT.matcher(path).matches()) {
            takeInNamed("deployment", files);
        } else if (path.equals("/")) {
            takeInNamed("apps", files);
        }
        takeInNamed(language(accepted), files);
        return files.stream().map("<%s>; rel=modulepreload"::formatted).collect(Collectors.joining(", "));
    }

    private void takeInNamed(String name, Set<String> files) {
        onDemand.stream()
                .filter(path -> path.matches(BUNDLE + name + "-[A-Z0-9]{8}\\.js"))
                .forEach(path -> takeIn(path, files));
    }

    /** A file with all that it cannot begin without. */
    private static void takeIn(String path, Set<String> files) {
        if (files.add(path)) {
            STATIC.matcher(read(path)).results().forEach(found -> takeIn(found.group(1), files));
        }
    }

    private static String language(String accepted) {
        try {
            var chosen = accepted == null ? null : Locale.lookupTag(LanguageRange.parse(accepted), LANGUAGES);
            return chosen == null ? LANGUAGES.get(0) : chosen;
        } catch (IllegalArgumentException e) {
            return LANGUAGES.get(0);
        }
    }

    private static String read(String path) {
        try (var file =
                Thread.currentThread().getContextClassLoader().getResourceAsStream("META-INF/resources" + path)) {
            return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
