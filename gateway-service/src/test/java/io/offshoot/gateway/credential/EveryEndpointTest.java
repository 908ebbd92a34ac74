package io.offshoot.gateway.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.gateway.Http;
import io.offshoot.gateway.Surroundings;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * Every endpoint there is, and the permission without which it says nothing and does nothing. A new one is found by its
 * annotations, and must be written down here with what it takes.
 */
@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class EveryEndpointTest {

    /** Open to everybody; keep it short. */
    private static final Set<String> OPEN = Set.of(
            "GET /problems/{code}",
            "GET /api/v1/receipts/jwks.json",
            // Let in by what they bring: a state, a provider's signature.
            "GET /api/v1/connections/github/installed",
            "POST /api/v1/hooks/github",
            "POST /api/v1/hooks/vercel",
            "GET /api/v1/hubs/{hub}/keys/jwks.json",
            "POST /api/v1/login",
            "POST /api/v1/login/challenge");

    /** For whoever has a credential, whatever it allows. */
    private static final Set<String> ANY = Set.of("POST /api/v1/logout", "GET /api/v1/credential");

    private static final String DEPLOYMENT = "/api/v1/deployments/{id}";
    private static final String ACTION = DEPLOYMENT + "/apps/{app}/actions/{action}";

    private static final Map<String, Permission> TAKES = Map.ofEntries(
            // Triggers take more, and init more still, when the mode is known: see GatewayTest.
            Map.entry("POST /api/deploy", Permission.WATCH),
            Map.entry("GET /api/v1/workflows", Permission.WATCH),
            Map.entry("GET /api/v1/workflows/{id}", Permission.WATCH),
            Map.entry("GET /api/v1/providers", Permission.WATCH),
            Map.entry("GET /api/v1/events", Permission.EVENTS),
            Map.entry("GET /api/v1/deployments", Permission.WATCH),
            Map.entry("POST /api/v1/deployments", Permission.DEPLOY),
            Map.entry("GET " + DEPLOYMENT, Permission.WATCH),
            Map.entry("GET " + DEPLOYMENT + "/events", Permission.EVENTS),
            Map.entry("GET " + DEPLOYMENT + "/resources", Permission.WATCH),
            Map.entry("GET " + DEPLOYMENT + "/requests/{request}", Permission.WATCH),
            Map.entry("POST " + DEPLOYMENT + "/run", Permission.DEPLOY),
            Map.entry("POST " + DEPLOYMENT + "/resume", Permission.DEPLOY),
            Map.entry("POST " + DEPLOYMENT + "/cancel", Permission.DEPLOY),
            Map.entry("POST " + DEPLOYMENT + "/teardown", Permission.DEPLOY),
            Map.entry("POST " + DEPLOYMENT + "/plan", Permission.TRIGGER),
            Map.entry("POST " + DEPLOYMENT + "/observe", Permission.TRIGGER),
            Map.entry("GET " + DEPLOYMENT + "/plans/{plan}", Permission.WATCH),
            Map.entry("GET " + DEPLOYMENT + "/observations/{observation}", Permission.WATCH),
            Map.entry("POST " + ACTION, Permission.TRIGGER),
            Map.entry("POST " + ACTION + "/cancel", Permission.TRIGGER),
            Map.entry("POST " + ACTION + "/look", Permission.TRIGGER),
            Map.entry("GET " + ACTION, Permission.WATCH),
            Map.entry("GET " + ACTION + "/attempts", Permission.WATCH),
            Map.entry("GET /api/v1/audit", Permission.AUDIT),
            Map.entry("GET /api/v1/hubs", Permission.WATCH),
            Map.entry("POST /api/v1/hubs", Permission.OPERATE),
            Map.entry("GET /api/v1/hubs/{hub}", Permission.WATCH),
            Map.entry("PUT /api/v1/hubs/{hub}/policy", Permission.KEYS),
            Map.entry("GET /api/v1/hubs/{hub}/members", Permission.KEYS),
            Map.entry("GET /api/v1/hubs/{hub}/members/{subject}", Permission.KEYS),
            Map.entry("PUT /api/v1/hubs/{hub}/members/{subject}", Permission.KEYS),
            Map.entry("DELETE /api/v1/hubs/{hub}/members/{subject}", Permission.KEYS),
            Map.entry("GET /api/v1/hubs/{hub}/api-keys", Permission.KEYS),
            Map.entry("POST /api/v1/hubs/{hub}/api-keys", Permission.KEYS),
            Map.entry("GET /api/v1/hubs/{hub}/api-keys/{key}", Permission.KEYS),
            Map.entry("DELETE /api/v1/hubs/{hub}/api-keys/{key}", Permission.KEYS),
            Map.entry("GET /api/v1/hubs/{hub}/keys", Permission.KEYS),
            Map.entry("POST /api/v1/hubs/{hub}/keys", Permission.KEYS),
            Map.entry("POST /api/v1/hubs/{hub}/keys/challenge", Permission.KEYS),
            Map.entry("GET /api/v1/hubs/{hub}/keys/{kid}", Permission.KEYS),
            Map.entry("DELETE /api/v1/hubs/{hub}/keys/{kid}", Permission.KEYS),
            Map.entry("GET " + DEPLOYMENT + "/intent", Permission.WATCH),
            Map.entry("GET " + DEPLOYMENT + "/receipt", Permission.WATCH),
            Map.entry("POST " + DEPLOYMENT + "/receipt/signatures", Permission.DEPLOY),
            Map.entry("GET /api/v1/connections", Permission.WATCH),
            Map.entry("GET /api/v1/connections/{provider}", Permission.WATCH),
            Map.entry("PUT /api/v1/connections/{provider}", Permission.SECRETS),
            Map.entry("GET /api/v1/connections/{provider}/{name}", Permission.WATCH),
            Map.entry("PUT /api/v1/connections/{provider}/{name}", Permission.SECRETS),
            Map.entry("DELETE /api/v1/connections/{provider}/{name}", Permission.SECRETS),
            Map.entry("POST /api/v1/connections/{provider}/{name}/installation", Permission.SECRETS),
            Map.entry("GET /api/v1/secrets", Permission.SECRETS),
            Map.entry("GET /api/v1/secrets/{name}", Permission.SECRETS),
            Map.entry("PUT /api/v1/secrets/{name}", Permission.SECRETS),
            Map.entry("DELETE /api/v1/secrets/{name}", Permission.SECRETS),
            Map.entry("GET /api/v1/webhooks", Permission.WEBHOOKS),
            Map.entry("POST /api/v1/webhooks", Permission.WEBHOOKS),
            Map.entry("GET /api/v1/webhooks/keys", Permission.WEBHOOKS),
            Map.entry("GET /api/v1/webhooks/{id}", Permission.WEBHOOKS),
            Map.entry("PATCH /api/v1/webhooks/{id}", Permission.WEBHOOKS),
            Map.entry("DELETE /api/v1/webhooks/{id}", Permission.WEBHOOKS),
            Map.entry("POST /api/v1/webhooks/{id}/rotate", Permission.WEBHOOKS),
            Map.entry("POST /api/v1/webhooks/{id}/test", Permission.WEBHOOKS),
            Map.entry("GET /api/v1/webhooks/{id}/deliveries", Permission.WEBHOOKS),
            Map.entry("POST /api/v1/webhooks/{id}/deliveries/{delivery}/redeliver", Permission.WEBHOOKS),
            Map.entry("GET /api/v1/admin/dead-letters", Permission.OPERATE),
            Map.entry("GET /api/v1/admin/dead-letters/{id}", Permission.OPERATE),
            Map.entry("POST /api/v1/admin/dead-letters/{id}/replay", Permission.OPERATE));

    @Inject
    DataSource database;

    @Inject
    Tokens tokens;

    @Test
    void everyEndpointIsWrittenDownWithWhatItTakes() throws Exception {
        var written = new TreeSet<>(TAKES.keySet());
        written.addAll(OPEN);
        written.addAll(ANY);

        assertThat(endpoints()).isEqualTo(written);
    }

    @Test
    void withoutItsPermissionAnEndpointSaysNothingAndDoesNothing() throws Exception {
        var answers = new TreeMap<String, Integer>();
        var expected = new TreeMap<String, Integer>();
        var allBut = new TreeMap<Permission, String>();
        for (Permission permission : Permission.values()) {
            allBut.put(permission, token(Role.OPERATOR, EnumSet.complementOf(EnumSet.of(permission))));
        }
        var before = rows();

        for (var endpoint : TAKES.entrySet()) {
            answers.put(endpoint.getKey(), status(endpoint.getKey(), allBut.get(endpoint.getValue())));
            expected.put(endpoint.getKey(), 403);
        }

        assertThat(answers).isEqualTo(expected);
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void everyRoleDoesWhatItsPermissionsAllowAndNothingElse() throws Exception {
        var wrong = new TreeSet<String>();
        for (Role role : Role.values()) {
            var token = token(role, null);
            for (var endpoint : TAKES.entrySet()) {
                var status = status(endpoint.getKey(), token);
                var refused = status == 403;
                if (refused == role.permissions().contains(endpoint.getValue()) || status == 401 || status == 500) {
                    wrong.add("%s: %s answered %d".formatted(role, endpoint.getKey(), status));
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void withoutACredentialOnlyWhatIsOpenAnswers() throws Exception {
        var answers = new TreeMap<String, Integer>();
        var expected = new TreeMap<String, Integer>();

        var closed = new TreeSet<>(TAKES.keySet());
        closed.addAll(ANY);
        for (String endpoint : closed) {
            answers.put(endpoint, status(endpoint, "no token of ours"));
            expected.put(endpoint, 401);
        }

        assertThat(answers).isEqualTo(expected);
    }

    private static Set<String> endpoints() throws Exception {
        var found = new TreeSet<String>();
        var classes = java.nio.file.Path.of("target/classes");
        try (var files = Files.walk(classes)) {
            for (var file :
                    files.filter(name -> name.toString().endsWith(".class")).toList()) {
                var name = classes.relativize(file).toString();
                var type = Class.forName(
                        name.substring(0, name.length() - ".class".length()).replace('/', '.'),
                        false,
                        EveryEndpointTest.class.getClassLoader());
                collect(type, found);
            }
        }
        return found;
    }

    private static void collect(Class<?> type, Set<String> found) {
        var base = type.getAnnotation(Path.class);
        // An interface is a client of somebody else's.
        if (base == null || type.isInterface()) {
            return;
        }
        for (Method method : type.getDeclaredMethods()) {
            for (var annotation : method.getAnnotations()) {
                var verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                if (verb != null) {
                    var rest = method.getAnnotation(Path.class);
                    var path = (base.value() + (rest == null ? "" : "/" + rest.value())).replaceAll("/+", "/");
                    found.add(verb.value() + " " + path);
                }
            }
        }
    }

    /** With ids that could be, of things that are not; and without a body, so that nothing more than looking happens. */
    private static int status(String endpoint, String token) throws IOException, InterruptedException {
        var parts = endpoint.split(" ");
        var path = parts[1].replace("{hub}", "north")
                .replace("{id}", "019aa600-0000-7000-8000-0000000000aa")
                .replace("{app}", "docs")
                .replace("{action}", "none")
                .replace("{subject}", "key:" + "z".repeat(43))
                .replaceAll("\\{(key|code|kid)}", "none")
                .replaceAll("\\{[a-z]+}", "019aa600-0000-7000-8000-0000000000ab");
        var request = Http.to(path, token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream;q=0.5")
                .method(parts[0], HttpRequest.BodyPublishers.noBody())
                .build();
        // A stream has no end: its status is all that is wanted.
        var answer = Http.CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    private String token(Role role, Set<Permission> scopes) {
        return await().ignoreExceptions()
                .until(
                        () -> {
                            try (var connection = database.getConnection()) {
                                var grant = new Tokens.Grant(
                                        "north", Tokens.Kind.API_KEY, "a test's", role, scopes, null, null);
                                return tokens.issue(connection, grant, "test").secret();
                            }
                        },
                        token -> token != null);
    }

    private long rows() throws SQLException {
        try (var connection = database.getConnection();
                var row = connection
                        .createStatement()
                        .executeQuery("select (select count(*) from hub) + (select count(*) from member)"
                                + " + (select count(*) from credential) + (select count(*) from request)"
                                + " + (select count(*) from hub_key) + (select count(*) from challenge)")) {
            row.next();
            return row.getLong(1);
        }
    }
}
