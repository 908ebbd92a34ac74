package io.offshoot.orchestrator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.AppKey;
import io.offshoot.orchestrator.deployment.AttemptRow;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.EffectRow;
import io.offshoot.orchestrator.deployment.EventRow;
import io.offshoot.orchestrator.deployment.RequestRow;
import io.offshoot.orchestrator.deployment.StepKey;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.orchestrator.deployment.SurveyRow;
import io.offshoot.orchestrator.lane.ConnectionRow;
import io.offshoot.orchestrator.lane.LaneRow;
import io.offshoot.orchestrator.tenancy.Tenancy;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.hibernate.exception.GenericJDBCException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The database keeps hubs apart by itself: here no statement says which hub it is about. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class TenancyTest {

    /** What the reader of one hub has nothing to do with, and what the schema's own history is. */
    private static final List<String> NOBODYS = List.of("outbox", "dead_letter", "dead_letter_occurrence", "keyset");

    private static final String HISTORY = "flyway_schema_history";

    private static final String NOT_ALLOWED = "42501";

    @Inject
    DataSource database;

    @Inject
    EntityManager entities;

    @Inject
    Flyway flyway;

    @Inject
    Tenancy tenancy;

    private UUID ours;
    private UUID theirs;
    private UUID theirRequest;
    private UUID theirSurvey;

    @BeforeEach
    void twoHubsWithEverything() throws SQLException {
        fill("tenant-a", ours = create("tenant-a"));
        fill("tenant-b", theirs = create("tenant-b"));
    }

    @AfterEach
    void empty() throws SQLException {
        execute("delete from installation_link where hub like 'tenant-%'");
        execute("delete from entered_connection where hub like 'tenant-%'");
        execute("delete from connection where hub like 'tenant-%'");
        execute("delete from lane where id like 'tenant-%'");
        execute("delete from provider where name like 'tenant-%'");
        execute("delete from request where hub like 'tenant-%'");
        execute("delete from deployment where hub like 'tenant-%'");
    }

    @Test
    void everyTableIsHeldByForcedPoliciesOrIsOutOfTheReadersReach() throws SQLException {
        var open = column("""
                select relname from pg_class
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                  and not (relrowsecurity and relforcerowsecurity)""");
        var outOfReach = column("""
                select relname from pg_class
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                  and not has_table_privilege('orchestrator_query', oid, 'select')""");
        var seenByAll = column("select tablename from pg_policies where policyname = 'one_hub' and qual = 'true'");

        assertThat(open).containsExactly(HISTORY);
        assertThat(outOfReach)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(NOBODYS.stream(), Stream.of(HISTORY)).toList());
        assertThat(seenByAll).containsExactly("provider");
    }

    @Test
    void theReaderMayDoNothingButRead() throws SQLException {
        assertThat(column("""
                select relname from pg_class
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S', 'v')
                  and has_table_privilege('orchestrator_query', oid, 'insert, update, delete, truncate, references, trigger')""")).isEmpty();
        for (String table : tables()) {
            for (String write : List.of("delete from %s", "insert into %s default values")) {
                assertThatThrownBy(() -> asReaderOf("tenant-a", () -> executeHere(write.formatted(table))))
                        .as(write, table)
                        .rootCause()
                        .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                                .isEqualTo(NOT_ALLOWED));
            }
        }
    }

    @Test
    void theServiceIsNeitherSuperuserNorOwnerNorLetPastPolicies() throws SQLException {
        assertThat(column("select session_user || ' ' || current_user"))
                .containsExactly("orchestrator_work orchestrator_work");
        assertThat(column("""
                select rolname from pg_roles
                where rolname in ('orchestrator_owner', 'orchestrator_work', 'orchestrator_query')
                  and not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)""")).hasSize(3);
        assertThat(column("""
                select relname from pg_class
                where relnamespace = 'public'::regnamespace and relowner <> 'orchestrator_owner'::regrole""")).isEmpty();
        for (String beyond : List.of(
                "alter table deployment no force row level security",
                "alter table deployment disable row level security",
                "drop policy one_hub on deployment",
                "create policy more on deployment using (true)",
                "set role orchestrator_owner",
                "set role postgres",
                "select * from " + HISTORY)) {
            assertThatThrownBy(() -> execute(beyond))
                    .as(beyond)
                    .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                            .isEqualTo(NOT_ALLOWED));
        }
    }

    @Test
    void withoutAWordAboutTheHubAReaderSeesItsOwnRowsOnly() {
        var all = inTransaction(this::rows);

        var seen = asReaderOf("tenant-a", this::rows);

        // Nothing would be shown by a table without their rows.
        all.values().removeIf(List::isEmpty);
        assertThat(all).hasSizeGreaterThan(14).allSatisfy((table, rows) -> assertThat(rows)
                .as(table)
                .satisfiesOnlyOnce(row -> assertThat(row).contains("tenant-a"))
                .satisfiesOnlyOnce(row -> assertThat(row).contains("tenant-b")));
        assertThat(seen).containsKeys(all.keySet().toArray(String[]::new)).allSatisfy((table, rows) -> assertThat(rows)
                .as(table)
                .hasSize(all.containsKey(table) ? 1 : 0)
                .allMatch(row -> row.contains("tenant-a") && !row.contains("tenant-b")));
    }

    @Test
    void whoeverReadsForNoHubOrForOneThatHasNothingSeesNothing() {
        var forNone = inTransaction(() -> {
            executeHere("set local role orchestrator_query");
            return rows();
        });
        var afterAnother = inTransaction(() -> {
            executeHere("select set_config('app.hub', '', true)");
            executeHere("set local role orchestrator_query");
            return rows();
        });
        var forANewOne = asReaderOf("tenant-c", this::rows);

        for (var seen : List.of(forNone, afterAnother, forANewOne)) {
            assertThat(seen)
                    .allSatisfy((table, rows) -> assertThat(rows).as(table).noneMatch(row -> row.contains("tenant-")));
        }
    }

    @Test
    void theQueriesOfTheServiceHoldWithTheirWhereTakenAway() {
        asReaderOf("tenant-a", () -> {
            assertThat(Deployment.<Deployment>listAll())
                    .extracting(row -> row.id)
                    .containsExactly(ours);
            assertThat(Deployment.<Deployment>findById(theirs)).isNull();
            assertThat(App.of(theirs)).isEmpty();
            assertThat(App.<App>findById(new AppKey(theirs, "docs"))).isNull();
            assertThat(StepRow.of(List.of(ours, theirs)))
                    .isNotEmpty()
                    .allMatch(row -> row.key.deploymentId().equals(ours));
            assertThat(StepRow.<StepRow>findById(new StepKey(theirs, "docs", "repository")))
                    .isNull();
            assertThat(AttemptRow.of(new StepKey(theirs, "docs", "repository"))).isEmpty();
            assertThat(EffectRow.of(theirs)).isEmpty();
            assertThat(EventRow.after(theirs, 0, 10)).isEmpty();
            assertThat(EventRow.after(ours, 0, 10)).hasSize(1);
            assertThat(RequestRow.<RequestRow>findById(theirRequest)).isNull();
            assertThat(SurveyRow.<SurveyRow>findById(theirSurvey)).isNull();
            assertThat(ConnectionRow.<ConnectionRow>listAll())
                    .extracting(row -> row.key.hub())
                    .containsOnly("tenant-a");
            assertThat(LaneRow.<LaneRow>listAll()).extracting(row -> row.id).containsExactly("tenant-a");
            var hubs = entities.createNativeQuery("select hub from event order by transaction, position")
                    .getResultList();
            assertThat(hubs.equals(List.of("tenant-a"))).isTrue();
            return null;
        });
    }

    @Test
    void whatIsWrittenInAReadingTransactionIsRefusedAndNothingOfItStays() {
        assertThatThrownBy(() -> asReaderOf("tenant-a", () -> {
                    Deployment own = Deployment.findById(ours);
                    own.seq = 99;
                    return null;
                }))
                .rootCause()
                .hasMessageContaining("permission denied");

        assertThat(inTransaction(() -> Deployment.<Deployment>findById(ours).seq))
                .isZero();
    }

    /** Agroal gives connections out again without a word to the server in between. */
    @Test
    void noConnectionThatGoesBackToThePoolKeepsRoleOrHub() throws SQLException {
        for (int i = 0; i < 40; i++) {
            var fails = i % 2 == 0;
            try {
                asReaderOf("tenant-a", () -> {
                    executeHere(fails ? "delete from deployment" : "select 1");
                    return null;
                });
            } catch (RuntimeException refused) {
                assertThat(fails).isTrue();
            }
        }

        var connections = new ArrayList<Connection>();
        try {
            for (int i = 0; i < 8; i++) {
                var connection = database.getConnection();
                connections.add(connection);
                var rows = connection
                        .createStatement()
                        .executeQuery("select current_user, coalesce(current_setting('app.hub', true), '')");
                rows.next();
                assertThat(rows.getString(1)).isEqualTo("orchestrator_work");
                assertThat(rows.getString(2)).isEmpty();
            }
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    @Test
    void withoutATransactionNobodyBecomesAReader() {
        assertThatThrownBy(() -> tenancy.only("tenant-a")).hasMessageContaining("ransaction");
    }

    /** A hub is data: it is bound, never part of a statement. */
    @Test
    void aHubThatWouldBeSqlIsOnlyAHubThatHasNothing() {
        var deployments = asReaderOf("tenant-a', true), set_config('role', 'none", () -> Deployment.count());

        assertThat(deployments).isZero();
    }

    /** Else a migration to come would change nothing, and say so to nobody. */
    @Test
    void theOwnerSeesTheRowsThatItsMigrationsChange() throws SQLException {
        try (var connection = flyway.getConfiguration().getDataSource().getConnection();
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("update deployment set seq = seq where hub like 'tenant-%'"))
                    .isEqualTo(2);
        }
    }

    @Test
    void aTableToComeIsTheServicesToWriteAndNoReaders() throws SQLException {
        try (var connection = flyway.getConfiguration().getDataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table to_come (hub text)");
            try {
                execute("insert into to_come values ('tenant-a')");
                assertThatThrownBy(() -> asReaderOf("tenant-a", () -> executeHere("select * from to_come")))
                        .isInstanceOf(RuntimeException.class)
                        .rootCause()
                        .hasMessageContaining("permission denied");
            } finally {
                statement.execute("drop table to_come");
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "measure", matches = "true")
    void measureWhatItCosts() {
        var large = create("tenant-a", 100);
        for (int round = 0; round < 2; round++) {
            for (UUID id : List.of(ours, large)) {
                var name = id.equals(large) ? "100 apps" : "1 app   ";
                measure(name + " deployment, by policy   ", id, true, this::readDeployment);
                measure(name + " deployment, by where    ", id, false, this::readDeployment);
                measure(name + " one action, by policy   ", id, true, this::readAction);
                measure(name + " one action, by where    ", id, false, this::readAction);
            }
        }
    }

    private void measure(String name, UUID id, boolean byPolicy, Consumer<UUID> read) {
        var times = new long[500];
        for (int i = -200; i < times.length; i++) {
            var begin = System.nanoTime();
            inTransaction(() -> {
                if (byPolicy) {
                    tenancy.only("tenant-a");
                }
                read.accept(id);
                return null;
            });
            if (i >= 0) {
                times[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(times);
        System.out.printf("%s p50 %.2f ms, p99 %.2f ms%n", name, times[250] / 1e6, times[494] / 1e6);
    }

    private void readDeployment(UUID id) {
        assertThat(Deployment.ofHub("tenant-a", id)).isPresent();
        App.of(id);
        StepRow.of(List.of(id));
        AttemptRow.live(List.of(id));
    }

    private void readAction(UUID id) {
        StepRow.findById(new StepKey(id, "docs", "repository"));
        assertThat(Deployment.ofHub("tenant-a", id)).isPresent();
        AttemptRow.of(new StepKey(id, "docs", "repository"));
    }

    private static UUID create(String hub) {
        return create(hub, 1);
    }

    private static UUID create(String hub, int apps) {
        var listed = new ArrayList<String>();
        for (int i = 0; i < apps; i++) {
            listed.add("""
                    {"appId": "docs%s", "envVars": {"NOTICE": "%s"},
                     "input": {"repository": {"source": "TEMPLATE", "upstream": "up/docs-site"},
                     "content": {"title": "Our docs"}}}""".formatted(i == 0 ? "" : "-" + i, hub));
        }
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .contentType("application/json")
                .body("""
                        {"workflow": "docs-site", "config": {"slug": "gathering"}, "apps": [%s]}""".formatted(String.join(",", listed)))
                .post("/internal/hubs/{hub}/deployments", hub)
                .then()
                .statusCode(201)
                .extract()
                .as(DeploymentView.class)
                .id();
    }

    /** One row a table that has the hub's name in it, and nothing that anybody works on. */
    private void fill(String hub, UUID id) throws SQLException {
        theirRequest = Messages.newId();
        theirSurvey = Messages.newId();
        execute("delete from step where deployment_id = '%s' and step_id <> 'repository'".formatted(id));
        execute("update step set outputs = '{\"hub\": \"%s\"}' where deployment_id = '%s'".formatted(hub, id));
        execute("""
                insert into attempt (deployment_id, app_id, step_id, number, generation, provider, action, mode, phase,
                                     fence, command_id, created_at, executor)
                values ('%s', 'docs', 'repository', 1, 1, 'github', 'create', 'EXECUTE', 'ENDED', 1,
                        gen_random_uuid(), now(), '%s')""".formatted(id, hub));
        execute("""
                insert into effect (deployment_id, app_id, step_id, attempt, effect_key, kind, provider, provider_id,
                                    account, verb)
                values ('%s', 'docs', 'repository', 1, 'key', 'repository', 'github', '7', '%s', 'CREATED')""".formatted(id, hub));
        execute("insert into event (deployment_id, seq, hub, body) values ('%s', 1, '%s', '{}')".formatted(id, hub));
        execute("""
                insert into request (id, hub, deployment_id, kind, outcome)
                values ('%s', '%s', '%s', 'RUN', 'STARTED')""".formatted(theirRequest, hub, id));
        execute("""
                insert into survey (id, deployment_id, hub, kind, seq, asked_at, until, done_at, complete, hash)
                values ('%s', '%s', '%s', 'PLAN', 0, now(), now(), now(), true, 'hash')""".formatted(theirSurvey, id, hub));
        execute("""
                insert into look (survey_id, app_id, step_id, position, provider, phase, executor)
                values ('%s', 'docs', 'repository', 0, 'github', 'ENDED', '%s')""".formatted(theirSurvey, hub));
        execute("""
                insert into lane (id, live_at_most, windows, shortest_block_ms, longest_block_ms)
                values ('%s', 1, '[]', 1, 1)""".formatted(hub));
        execute("""
                insert into connection (provider, name, hub, account, lane, heard_at)
                values ('nobodys', '%1$s', '%1$s', '%1$s', '%1$s', now())""".formatted(hub));
        execute("""
                insert into entered_connection (provider, hub, name, account, version, revision, entered_at, entered_by,
                                                state)
                values ('nobodys', '%s', 'own', 'own', 1, 1, now(), 'test', 'READY')""".formatted(hub));
        execute("""
                insert into installation_link (state_sha256, hub, name, account, asked_at, asked_by, expires_at)
                values ('%1$s', '%1$s', 'own', 'own', now(), 'test', now())""".formatted(hub));
        execute("""
                insert into receipt (deployment_id, seq, hub, statement, key_id, signature, made_at)
                values ('%s', 1, '%s', '{}', 'key', '', now())""".formatted(id, hub));
        execute("""
                insert into receipt_signature (deployment_id, seq, key_id, hub, signature, signed_by)
                values ('%s', 1, 'key', '%s', '', 'test')""".formatted(id, hub));
    }

    /** What there is to see of these hubs in each table that a reader is given, but that of the providers. */
    private Map<String, List<String>> rows() {
        var rows = new TreeMap<String, List<String>>();
        for (Object table : entities.createNativeQuery("""
                        select relname::text from pg_class
                        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'provider'
                          and has_table_privilege('orchestrator_query', oid, 'select')""").getResultList()) {
            rows.put(table.toString(), rowsOf(table.toString()));
        }
        return rows;
    }

    /** What other tests have left is not looked at. */
    private List<String> rowsOf(String table) {
        var rows = new ArrayList<String>();
        for (Object row : entities.createNativeQuery("select to_jsonb(t)::text from %s t".formatted(table))
                .getResultList()) {
            if (row.toString().contains("tenant-")) {
                rows.add(row.toString());
            }
        }
        return rows;
    }

    private List<String> tables() throws SQLException {
        return column("""
                select relname from pg_class
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')""");
    }

    private <T> T asReaderOf(String hub, Callable<T> read) {
        return inTransaction(() -> {
            tenancy.only(hub);
            return read.call();
        });
    }

    private static <T> T inTransaction(Callable<T> work) {
        return QuarkusTransaction.requiringNew().call(work);
    }

    /** On the connection of the transaction. */
    private Void executeHere(String statement) {
        try (var connection = database.getConnection();
                var prepared = connection.createStatement()) {
            prepared.execute(statement);
            return null;
        } catch (SQLException e) {
            throw new GenericJDBCException(e.getMessage(), e);
        }
    }

    private void execute(String statement) throws SQLException {
        try (var connection = database.getConnection();
                var prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }

    private List<String> column(String query) throws SQLException {
        var values = new ArrayList<String>();
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
