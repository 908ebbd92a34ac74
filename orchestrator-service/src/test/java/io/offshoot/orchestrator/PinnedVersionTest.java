package io.offshoot.orchestrator;

import static io.offshoot.orchestrator.Executor.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.orchestrator.registration.Before;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A deployment runs by the definition it was made with, or it waits for it. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class PinnedVersionTest {

    private static final String REPOSITORY = """
            {"id": 7, "fullName": "hub-a/gathering-docs", "defaultBranch": "main", "url": "https://github.com/x"}""";
    private static final String BODY = """
            {"workflow": "growing", "config": {"slug": "gathering"}, "apps": [{"appId": "docs", "input":
             {"repository": {"source": "TEMPLATE", "upstream": "up/docs-site"}, "content": {"title": "Docs"}}}]}""";

    @Inject
    DataSource database;

    @Inject
    Before before;

    private KafkaClient kafka;
    private Executor github;

    @BeforeEach
    void connect() {
        kafka = new KafkaClient(ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
        github = new Executor("github", ServiceTokens.GITHUB, kafka);
    }

    @AfterEach
    void disconnect() {
        kafka.close();
    }

    @Test
    void aRunningDeploymentEndsByItsDefinitionWhenANewerVersionIsThereAndNewOnesTakeThat() throws Exception {
        var old = before.create(Versions.OLD, asked());
        run(old);
        github.complete(old, "docs", "repository", REPOSITORY);
        var recent = gateway()
                .body(BODY)
                .post("/internal/hubs/hub-a/deployments")
                .as(DeploymentView.class)
                .id();
        run(recent);
        github.complete(recent, "docs", "repository", REPOSITORY);
        github.complete(recent, "docs", "contents", "{\"headSha\": \"c0ffee\"}");
        github.complete(old, "docs", "contents", "{\"headSha\": \"c0ffee\"}");
        github.complete(recent, "docs", "customise", "{\"sha\": \"beef\", \"branch\": \"main\"}");

        eventually(() -> assertThat(deployment(old).status()).isEqualTo(PublicStatus.DONE));
        eventually(() -> assertThat(deployment(recent).status()).isEqualTo(PublicStatus.DONE));
        assertThat(deployment(old).version()).isEqualTo(Versions.OLD.version());
        assertThat(deployment(old).actions())
                .extracting(DeploymentView.Needs::id)
                .containsExactly("repository", "contents");
        assertThat(deployment(recent).version()).isEqualTo(Versions.NEW.version());
        assertThat(deployment(recent).actions())
                .extracting(DeploymentView.Needs::id)
                .containsExactly("repository", "contents", "customise");
    }

    @Test
    void aDeploymentWhoseDefinitionIsGoneSaysSoAndHoldsUpNobody() throws Exception {
        var gone = before.create(Versions.GONE, asked());
        var other = before.create(Versions.OLD, asked());

        var refused = run(gone);

        assertThat(refused.outcome()).isEqualTo(RequestView.Outcome.REFUSED);
        assertThat(refused.code()).isEqualTo("workflow-changed");
        gateway()
                .get("/internal/hubs/hub-a/deployments/{id}", gone)
                .then()
                .statusCode(409)
                .body("code", equalTo("workflow-changed"));
        assertThat(run(other).outcome()).isEqualTo(RequestView.Outcome.STARTED);
    }

    @Test
    void aRunWhoseDefinitionIsAwayForAWhileGoesOnWhenItIsBackWithNothingLost() throws Exception {
        var id = before.create(Versions.OLD, asked());
        run(id);
        github.complete(id, "docs", "repository", REPOSITORY);
        var command = github.command(id, "docs", "contents");
        var claimed = github.claim(command.data());

        definitionIs(id, "of another release");
        github.report(command, Executor.done(claimed, "{\"headSha\": \"c0ffee\"}"));
        var letter = kafka.await(Topics.DEAD_LETTERS, DeadLetter.class, found -> id.toString()
                .equals(found.data().key()));
        assertThat(github.claim(command.data()).yours()).isFalse();
        definitionIs(id, Versions.OLD.digest());
        var again = github.complete(id, "docs", "contents", "{\"headSha\": \"c0ffee\"}");

        assertThat(letter.data().reason()).isEqualTo("workflow-changed");
        eventually(() -> assertThat(deployment(id).status()).isEqualTo(PublicStatus.DONE));
        assertThat(again.attempt().attempt()).isEqualTo(2);
    }

    @Test
    void anAttemptWhoseDefinitionThisReplicaDoesNotHaveIsNobodys() throws Exception {
        var id = before.create(Versions.OLD, asked());
        run(id);
        var command = github.command(id, "docs", "repository");

        definitionIs(id, "of another release");
        assertThat(github.claim(command.data()).yours()).isFalse();
        definitionIs(id, Versions.OLD.digest());

        assertThat(github.claim(command.data()).yours()).isTrue();
    }

    private static CreateDeployment asked() throws Exception {
        return Messages.json().readValue(BODY, CreateDeployment.class);
    }

    private void definitionIs(UUID id, String digest) throws SQLException {
        try (var connection = database.getConnection();
                var update = connection.prepareStatement("update deployment set digest = ? where id = ?")) {
            update.setString(1, digest);
            update.setObject(2, id);
            update.executeUpdate();
        }
    }

    private RequestView run(UUID id) {
        var request = new DeploymentRequest(DeploymentRequest.Kind.RUN, id, null, null, null, "test");
        var message = CloudEvent.first(Messages.newId(), "/test", id.toString(), Instant.EPOCH, "hub-a", null, request);
        kafka.send(Topics.TRIGGERS, id.toString(), Messages.write(message));
        var view = new RequestView[1];
        eventually(() -> {
            view[0] = gateway()
                    .get("/internal/hubs/hub-a/deployments/{id}/requests/{request}", id, message.id())
                    .as(RequestView.class);
            assertThat(view[0].outcome()).isNotNull().isNotEqualTo(RequestView.Outcome.ACCEPTED);
        });
        return view[0];
    }

    private static DeploymentView deployment(UUID id) {
        return gateway()
                .get("/internal/hubs/hub-a/deployments/{id}", id)
                .then()
                .statusCode(200)
                .extract()
                .as(DeploymentView.class);
    }

    private static RequestSpecification gateway() {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .contentType("application/json");
    }
}
