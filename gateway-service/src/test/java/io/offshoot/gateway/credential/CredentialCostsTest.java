package io.offshoot.gateway.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.limit.Tries;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Measures, and prints. With <code>-Dmeasure=true</code> only: a time is no promise of a test. */
@QuarkusTest
@EnabledIfSystemProperty(named = "measure", matches = "true")
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class CredentialCostsTest {

    private static final int HUBS = 10_000;

    @Inject
    DataSource database;

    @Inject
    Credentials credentials;

    @Inject
    Tries tries;

    @Test
    void whatACredentialAndAHubCost() throws Exception {
        await().ignoreExceptions().until(() -> count("hub") >= 2);
        check(Token.random(Tokens.Kind.API_KEY, new SecureRandom()).reveal());
        var before = heap();
        var tokens = fill();
        var filled = heap();

        var uncached = times(tokens.subList(0, 5_000));
        var again = new ArrayList<String>();
        for (int i = 0; i < 20_000; i++) {
            again.add(tokens.get(i % 50));
        }
        var cached = times(again);
        for (String token : tokens) {
            check(token);
        }
        var used = heap();

        print("not remembered", uncached);
        print("remembered", cached);
        System.out.printf(
                Locale.ROOT,
                "heap: %.1f MB before, %.1f MB with %d hubs (a key, two members each), %.1f MB when every key was used%n",
                before / 1e6,
                filled / 1e6,
                HUBS,
                used / 1e6);
    }

    private long[] times(List<String> tokens) {
        var times = new long[tokens.size()];
        for (int i = 0; i < times.length; i++) {
            var begin = System.nanoTime();
            check(tokens.get(i));
            times[i] = System.nanoTime() - begin;
        }
        Arrays.sort(times);
        return times;
    }

    private void check(String token) {
        var hash = Token.sha256(token);
        tries.mayTry("192.0.2.1", hash);
        var finding = credentials.of(token, hash).await().indefinitely();
        if (finding.verdict() == Credentials.Verdict.GOOD) {
            tries.good("192.0.2.1", hash);
        }
    }

    private static void print(String what, long[] times) {
        System.out.printf(
                Locale.ROOT,
                "credential check, %s: p50 %.3f ms, p99 %.3f ms, longest %.3f ms of %d%n",
                what,
                times[times.length / 2] / 1e6,
                times[times.length * 99 / 100] / 1e6,
                times[times.length - 1] / 1e6,
                times.length);
    }

    /** The tokens of the hubs. They are the test's, and not counted. */
    private List<String> fill() throws SQLException {
        var random = new SecureRandom();
        var tokens = new ArrayList<String>();
        try (var connection = database.getConnection();
                var hub =
                        connection.prepareStatement("insert into hub (id, name, created_by) values (?, 'A hub', 'x')");
                var member = connection.prepareStatement(
                        "insert into member (hub, subject, name, role, added_by) values (?, ?, 'Somebody', 'OWNER', 'x')");
                var key = connection.prepareStatement("""
                        insert into credential (id, hub, kind, name, role, hash, created_by, expires_at)
                        values (?, ?, 'API_KEY', 'A key', 'OWNER', ?, 'x', now() + interval '1 day')""")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < HUBS; i++) {
                hub.setString(1, "cost-" + i);
                hub.addBatch();
                for (int m = 0; m < 2; m++) {
                    member.setString(1, "cost-" + i);
                    member.setString(2, "key:%043d".formatted(m));
                    member.addBatch();
                }
                var token = Token.random(Tokens.Kind.API_KEY, random);
                key.setString(1, token.id());
                key.setString(2, "cost-" + i);
                key.setBytes(3, token.hash());
                key.addBatch();
                tokens.add(token.reveal());
            }
            hub.executeBatch();
            member.executeBatch();
            key.executeBatch();
            connection.commit();
            connection.setAutoCommit(true);
        }
        assertThat(count("credential")).isGreaterThanOrEqualTo(HUBS);
        return tokens;
    }

    private long count(String table) throws SQLException {
        try (var connection = database.getConnection();
                var row = connection.createStatement().executeQuery("select count(*) from " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
