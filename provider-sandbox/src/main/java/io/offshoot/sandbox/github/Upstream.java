package io.offshoot.sandbox.github;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The repositories that apps are made from, shipped with the sandbox. */
public final class Upstream {

    private static final String DOCS_SITE = "upstream/docs-site";

    private Upstream() {}

    /** Puts the upstream repositories there, unless an earlier start did. */
    public static void publish(Repositories repositories, String owner) {
        if (repositories.find(owner, "docs-site").isEmpty()) {
            repositories.create(owner, "docs-site", "A docs site for a community hub", true, files());
        }
    }

    static Map<String, byte[]> files() {
        var files = new TreeMap<String, byte[]>();
        try {
            // A file leads to its directory: not every class loader finds a directory in a jar.
            io.quarkus.runtime.util.ClassPathUtils.consumeAsPaths(
                    Upstream.class.getClassLoader(),
                    DOCS_SITE + "/site.json",
                    file -> collect(file.getParent(), files));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return files;
    }

    private static void collect(Path root, Map<String, byte[]> files) {
        try (var paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
