package io.offshoot.sandbox.front;

import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.accounts.App;
import io.offshoot.sandbox.control.Sandbox;
import io.offshoot.sandbox.github.Repository;
import io.offshoot.sandbox.vercel.Hosting;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Serves the built sites, and a page about what there is. Every page says that it is the sandbox's. */
@ApplicationScoped
class Pages {

    private static final String MARK = """
            <p style="margin:0;padding:.6em 1em;background:#3b0764;color:#fff;font:14px/1.4 system-ui,sans-serif;\
            text-align:center">Served by the Offshoot provider sandbox – nothing here is real.</p>
            """;

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("webmanifest", "application/manifest+json"));

    private final Sandbox sandbox;
    private final Vertx vertx;

    Pages(Sandbox sandbox, Vertx vertx) {
        this.sandbox = sandbox;
        this.vertx = vertx;
    }

    void routes(@Observes Router router) {
        router.route().order(-100).handler(this::markOrServeHost);
        router.get("/sites/*").handler(context -> blocking(context, () -> serveSite(context)));
        router.get("/").handler(context -> blocking(context, () -> serveIndex(context)));
        // Where the addresses in GitHub's documents lead; under its prefix, but no path of its API.
        String installing = "/github/apps/" + App.SLUG + "/installations/new";
        router.get(installing).order(-50).handler(context -> blocking(context, () -> serveInstall(context)));
        router.post(installing).order(-50).handler(context -> blocking(context, () -> install(context)));
        router.get("/github/view/*").order(-50).handler(context -> blocking(context, () -> serveRepository(context)));
    }

    /** Lets a person choose where the App is installed. */
    private void serveInstall(RoutingContext context) {
        var list = new StringBuilder();
        for (Account account : sandbox.store().read(() -> sandbox.accounts().all())) {
            list.append(
                    "<form method=\"post\" action=\"?organization=%s&amp;state=%s\"><p><button>%s</button></p></form>"
                            .formatted(
                                    encoded(account.organization()),
                                    encoded(state(context)),
                                    escaped(account.organization())));
        }
        page(context, 200, "Install the app", "<h1>Install the app</h1><p>Where do you want to install it?</p>" + list);
    }

    /** As GitHub does when somebody has installed an App: with its number, what was done, and the state that came along. */
    private void install(RoutingContext context) {
        String organization =
                Optional.ofNullable(context.request().getParam("organization")).orElse("");
        Optional<App> app = sandbox.store().read(() -> sandbox.accounts().app());
        boolean there = sandbox.store()
                .read(() -> sandbox.accounts().ofOrganization(organization).isPresent());
        if (app.isEmpty() || !there) {
            page(context, 404, "Not found", "<h1>No such app or organisation</h1>");
            return;
        }
        String action =
                sandbox.store().write(() -> sandbox.github().installations().visited(organization));
        if (app.get().setupUrl() == null) {
            page(context, 200, "Installed", "<h1>The app is installed</h1>");
            return;
        }
        String state = state(context);
        context.response()
                .setStatusCode(302)
                .putHeader(
                        "Location",
                        app.get().setupUrl() + "?installation_id=" + App.installationIn(organization) + "&setup_action="
                                + action + (state.isEmpty() ? "" : "&state=" + encoded(state)))
                .end();
    }

    private static String state(RoutingContext context) {
        return Optional.ofNullable(context.request().getParam("state")).orElse("");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void markOrServeHost(RoutingContext context) {
        context.response().putHeader("x-offshoot-sandbox", "true");
        String host = Optional.ofNullable(context.request().getHeader("Host")).orElse("");
        String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        // Only a name with a dot and letters can be a site's; the sandbox's own address is not looked up each time.
        if (!name.contains(".") || name.matches("[\\d.]+")) {
            context.next();
            return;
        }
        vertx.executeBlocking(() -> sandbox.store().read(() -> sandbox.hosting().serves(name)), false)
                .onSuccess(serves -> {
                    if (serves) {
                        blocking(
                                context,
                                () -> serve(
                                        context, name, context.request().path().substring(1)));
                    } else {
                        context.next();
                    }
                })
                .onFailure(context::fail);
    }

    private void serveSite(RoutingContext context) {
        String rest = context.request().path().substring("/sites/".length());
        int slash = rest.indexOf('/');
        if (slash < 0) {
            // The links of a site are relative: they need the slash.
            context.response()
                    .setStatusCode(308)
                    .putHeader("Location", "/sites/" + rest + "/")
                    .end();
        } else {
            serve(context, rest.substring(0, slash).toLowerCase(Locale.ROOT), rest.substring(slash + 1));
        }
    }

    private void serve(RoutingContext context, String host, String rawPath) {
        String asked = URLDecoder.decode(rawPath.replace("+", "%2B"), StandardCharsets.UTF_8);
        String path = asked.isEmpty() || asked.endsWith("/") ? asked + "index.html" : asked;
        Hosting hosting = sandbox.hosting();
        Optional<String> found =
                sandbox.store().read(() -> hosting.file(host, path).isPresent())
                        ? Optional.of(path)
                        : Optional.of(path + ".html").filter(page -> sandbox.store()
                                .read(() -> hosting.file(host, page).isPresent()));
        if (found.isEmpty()) {
            boolean served = sandbox.store().read(() -> hosting.serves(host));
            String code = served ? "NOT_FOUND" : "DEPLOYMENT_NOT_FOUND";
            page(context, 404, "404: " + code, "<h1>404: " + code + "</h1><p>" + escaped(host) + "</p>");
            return;
        }
        byte[] content =
                sandbox.store().read(() -> hosting.file(host, found.get()).orElse(new byte[0]));
        String ending = found.get().substring(found.get().lastIndexOf('.') + 1);
        String type = TYPES.getOrDefault(ending, "application/octet-stream");
        Buffer body = Buffer.buffer(ending.equals("html") ? marked(content) : content);
        context.response()
                .putHeader("Content-Type", type)
                .putHeader("Cache-Control", "no-cache")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(body);
    }

    private static byte[] marked(byte[] page) {
        String html = new String(page, StandardCharsets.UTF_8);
        int end = html.lastIndexOf("</body>");
        String whole = end < 0 ? html + MARK : html.substring(0, end) + MARK + html.substring(end);
        return whole.getBytes(StandardCharsets.UTF_8);
    }

    private void serveIndex(RoutingContext context) {
        var list = new StringBuilder();
        for (Hosting.Site site : sandbox.store().read(() -> sandbox.hosting().sites())) {
            list.append("<li><a href=\"/sites/%s/\">%s</a> (%s)</li>"
                    .formatted(escaped(site.host()), escaped(site.host()), escaped(site.project())));
        }
        String sites = list.isEmpty() ? "<p>No site is served yet.</p>" : "<ul>" + list + "</ul>";
        page(
                context,
                200,
                "Offshoot provider sandbox",
                "<h1>Offshoot provider sandbox – nothing here is real</h1><p>Stand-ins for GitHub (<code>/github</code>)"
                        + ", Vercel (<code>/vercel</code>), Telegram (<code>/telegram</code>) and Neo4j Aura"
                        + " (<code>/aura</code>).</p><h2>Sites</h2>" + sites);
    }

    private void serveRepository(RoutingContext context) {
        String[] parts =
                context.request().path().substring("/github/view/".length()).split("/");
        Optional<Repository> repository = parts.length < 2
                ? Optional.empty()
                : sandbox.store()
                        .read(() ->
                                sandbox.repositories().find(parts[0], parts[1]).filter(found -> !found.isPrivate()));
        if (repository.isEmpty()) {
            page(context, 404, "Not found", "<h1>No such repository</h1>");
            return;
        }
        Repository found = repository.get();
        var list = new StringBuilder();
        sandbox.store().read(() -> {
            if (sandbox.repositories().filesVisible(found)) {
                sandbox.repositories().head(found, found.defaultBranch()).ifPresent(head -> sandbox.repositories()
                        .files(found, head)
                        .files()
                        .keySet()
                        .forEach(file ->
                                list.append("<li>").append(escaped(file)).append("</li>")));
            }
            return list;
        });
        String about = found.description() == null ? "" : "<p>" + escaped(found.description()) + "</p>";
        page(
                context,
                200,
                found.fullName(),
                "<h1>" + escaped(found.fullName()) + "</h1>" + about + "<ul>" + list + "</ul>");
    }

    private static void page(RoutingContext context, int status, String title, String body) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Cache-Control", "no-cache")
                .end("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
                        + " content=\"width=device-width\"><title>" + escaped(title) + " (sandbox)</title></head>"
                        + "<body style=\"font:16px/1.5 system-ui,sans-serif;margin:0\"><main style=\"padding:1em\">"
                        + body + "</main>" + MARK + "</body></html>");
    }

    /** Reading waits for the lock of the state, which an event loop must not. */
    private void blocking(RoutingContext context, Runnable work) {
        vertx.executeBlocking(
                        () -> {
                            work.run();
                            return null;
                        },
                        false)
                .onFailure(context::fail);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
