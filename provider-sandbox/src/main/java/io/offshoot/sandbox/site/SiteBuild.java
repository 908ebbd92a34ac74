package io.offshoot.sandbox.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Makes a site out of a repository's files and a project's environment. A function of the two and nothing else.
 *
 * <p>Every {@code docs/**.md} becomes a page, set into {@code layout.html} when there is one; {@code site.json} holds
 * what a hub customises. {@code {{site.NAME}}}, {@code {{env.NAME}}} and {@code {{page.title}}} are replaced, escaped
 * for HTML, in the layout and in the pages; {@code {{content}}} and {@code {{root}}} (the way back to the site's first
 * directory) in the layout only. Whatever is unknown is replaced by nothing.
 */
public final class SiteBuild {

    /**
     * How a build went.
     *
     * @param failure why it failed, or null
     * @param log what it printed
     * @param pages the files of the site by their path; none when it failed
     */
    public record Result(String failure, List<String> log, Map<String, byte[]> pages) {

        public Result {
            log = List.copyOf(log);
            pages = Map.copyOf(pages);
        }
    }

    private static final class Broken extends Exception {

        private static final long serialVersionUID = 1L;

        Broken(String why) {
            super(why);
        }
    }

    /** Without the source in a message: it may be long, and a token in it would be printed. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([a-z]+)(?:\\.([A-Za-z0-9_-]+))?\\s*}}");
    private static final Pattern FAILING = Pattern.compile("^\\s*(false|exit\\s+[1-9]\\d*)(\\s.*|;.*|&.*|$)");
    private static final Set<String> STATIC = Set.of(
            "css", "js", "svg", "png", "jpg", "jpeg", "webp", "ico", "txt", "woff2", "webmanifest", "pdf", "html");

    private static final String PLAIN_LAYOUT = """
            <!doctype html>
            <html lang="{{site.language}}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{page.title}}</title></head>
            <body>{{content}}</body>
            </html>
            """;

    private final Map<String, byte[]> files;
    private final Map<String, String> env;
    private final List<String> log = new ArrayList<>();
    private final Parser parser = Parser.builder().build();
    private final HtmlRenderer renderer = HtmlRenderer.builder().build();

    private SiteBuild(Map<String, byte[]> files, Map<String, String> env) {
        this.files = new TreeMap<>(files);
        this.env = Map.copyOf(env);
    }

    public static Result of(Map<String, byte[]> files, Map<String, String> env) {
        return new SiteBuild(files, env).run();
    }

    private Result run() {
        log.add("Cloned " + files.size() + " files");
        try {
            runCommand("vercel.json", "/buildCommand");
            runCommand("package.json", "/scripts/build");
            JsonNode site = json("site.json");
            requireEnvironment(site);
            Map<String, byte[]> pages = pages(site);
            log.add("Generated " + pages.size() + " files");
            log.add("Build Completed");
            return new Result(null, log, pages);
        } catch (Broken broken) {
            log.add("Error: " + broken.getMessage());
            return new Result(broken.getMessage(), log, Map.of());
        }
    }

    private void runCommand(String file, String pointer) throws Broken {
        String command = json(file).at(pointer).asText("");
        if (!command.isBlank()) {
            log.add("Running \"" + command + "\"");
        }
        Matcher failing = FAILING.matcher(command);
        if (failing.find()) {
            String code = failing.group(1).startsWith("exit") ? failing.group(1).replaceAll("\\D", "") : "1";
            throw new Broken("Command \"" + command + "\" exited with " + code);
        }
    }

    private void requireEnvironment(JsonNode site) throws Broken {
        for (JsonNode name : site.path("requiredEnv")) {
            if (env.getOrDefault(name.asText(), "").isEmpty()) {
                throw new Broken("Environment variable \"" + name.asText() + "\" is required by site.json but not set");
            }
        }
    }

    private JsonNode json(String file) throws Broken {
        if (!files.containsKey(file)) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(files.get(file));
        } catch (JsonProcessingException malformed) {
            var at = malformed.getLocation();
            throw new Broken(
                    file + " is not valid JSON (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")");
        } catch (IOException unreadable) {
            throw new Broken(file + " cannot be read");
        }
    }

    private Map<String, byte[]> pages(JsonNode site) {
        var pages = new TreeMap<String, byte[]>();
        String layout = text("layout.html", PLAIN_LAYOUT);
        files.forEach((path, content) -> {
            if (path.startsWith("docs/") && path.endsWith(".md")) {
                String page = path.substring("docs/".length(), path.length() - ".md".length()) + ".html";
                pages.put(page, page(site, layout, page, content));
            } else if (isStatic(path)) {
                pages.put(path.startsWith("docs/") ? path.substring("docs/".length()) : path, content);
            }
        });
        if (!pages.containsKey("index.html") && files.containsKey("README.md")) {
            pages.put("index.html", page(site, layout, "index.html", files.get("README.md")));
        }
        return pages;
    }

    private byte[] page(JsonNode site, String layout, String path, byte[] markdown) {
        Node document = parser.parse(new String(markdown, StandardCharsets.UTF_8));
        document.accept(new LinksToPages());
        var title = new FirstHeading();
        document.accept(title);
        String heading = fill(title.text(), site, Map.of(), UnaryOperator.identity());
        // Replaced after rendering: a value is text, and an asterisk in it must stay one.
        String content = fill(renderer.render(document), site, Map.of(), SiteBuild::escaped);
        String root =
                "../".repeat((int) path.chars().filter(letter -> letter == '/').count());
        var given = Map.of("content", content, "root", root, "page", escaped(heading));
        return fill(layout, site, given, SiteBuild::escaped).getBytes(StandardCharsets.UTF_8);
    }

    private String fill(String text, JsonNode site, Map<String, String> given, UnaryOperator<String> escape) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> {
            String name = found.group(2);
            String value =
                    switch (found.group(1)) {
                        case "site" ->
                            escape.apply(site.path(String.valueOf(name)).asText(""));
                        case "env" -> escape.apply(env.getOrDefault(String.valueOf(name), ""));
                        default -> given.getOrDefault(found.group(1), "");
                    };
            return Matcher.quoteReplacement(value);
        });
    }

    private String text(String path, String otherwise) {
        return files.containsKey(path) ? new String(files.get(path), StandardCharsets.UTF_8) : otherwise;
    }

    private static boolean isStatic(String path) {
        return !path.startsWith(".")
                && !path.contains("/.")
                && !path.equals("layout.html")
                && STATIC.contains(path.substring(path.lastIndexOf('.') + 1));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Links between Markdown files become links between pages, so that both GitHub and the site can follow them. */
    private static final class LinksToPages extends AbstractVisitor {

        @Override
        public void visit(Link link) {
            String to = link.getDestination();
            if (!to.contains(":")) {
                link.setDestination(to.replaceFirst("\\.md(#.*)?$", ".html$1"));
            }
            visitChildren(link);
        }
    }

    private static final class FirstHeading extends AbstractVisitor {

        private final StringBuilder text = new StringBuilder();
        private boolean seen;

        @Override
        public void visit(Heading heading) {
            if (!seen) {
                visitChildren(heading);
                seen = true;
            }
        }

        @Override
        public void visit(Text part) {
            for (Node parent = part.getParent(); !seen && parent != null; parent = parent.getParent()) {
                if (parent instanceof Heading) {
                    text.append(part.getLiteral());
                }
            }
        }

        private String text() {
            return text.toString();
        }
    }
}
