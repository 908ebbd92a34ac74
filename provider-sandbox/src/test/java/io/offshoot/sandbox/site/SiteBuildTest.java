package io.offshoot.sandbox.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SiteBuildTest {

    private final Map<String, byte[]> files = new HashMap<>();

    @Test
    void linkBetweenMarkdownFilesBecomesALinkBetweenPages() {
        file("docs/a.md", "[b](sub/b.md#top) and [away](https://example.org/x.md)");

        assertThat(page("a.html")).contains("href=\"sub/b.html#top\"", "href=\"https://example.org/x.md\"");
    }

    @Test
    void valueIsTextAndNeverAPlaceholderOrMarkup() {
        file("site.json", "{\"title\":\"{{env.SECRET}} <b>$1\"}");
        file("docs/index.md", "# {{site.title}}");

        String page = page("index.html", Map.of("SECRET", "hidden"));

        assertThat(page).contains("<h1>{{env.SECRET}} &lt;b&gt;$1</h1>").doesNotContain("hidden");
    }

    @Test
    void missingValueIsReplacedByNothing() {
        file("layout.html", "<div>{{env.NOTICE}}</div>{{content}}");
        file("docs/index.md", "text");

        assertThat(page("index.html")).isEqualTo("<div></div><p>text</p>\n");
    }

    @Test
    void pageInADirectoryFindsTheWayBack() {
        file("layout.html", "{{root}}style.css|{{page.title}}|{{content}}");
        file("docs/a/b/c.md", "# Deep *down*");

        assertThat(page("a/b/c.html")).startsWith("../../style.css|Deep down|<h1>");
    }

    @Test
    void repositoryWithoutPagesShowsItsReadme() {
        file("README.md", "# Read me");

        assertThat(page("index.html")).contains("<h1>Read me</h1>");
    }

    @Test
    void sourcesAreNotServed() {
        file("site.json", "{}");
        file("layout.html", "{{content}}");
        file(".env.txt", "x");
        file("docs/index.md", "x");
        file("img/logo.svg", "<svg/>");

        assertThat(SiteBuild.of(files, Map.of()).pages()).containsOnlyKeys("index.html", "img/logo.svg");
    }

    private void file(String path, String content) {
        files.put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private String page(String path) {
        return page(path, Map.of());
    }

    private String page(String path, Map<String, String> env) {
        SiteBuild.Result result = SiteBuild.of(files, env);
        assertThat(result.failure()).isNull();
        return new String(result.pages().get(path), StandardCharsets.UTF_8);
    }
}
