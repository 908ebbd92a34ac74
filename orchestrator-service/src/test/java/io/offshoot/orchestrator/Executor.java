package io.offshoot.orchestrator;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ThrowingRunnable;

/** An executor of a test: claims by HTTP, reports by Kafka, and runs nothing. */
final class Executor {

    private final String provider;
    private final String token;
    private final KafkaClient kafka;

    Executor(String provider, String token, KafkaClient kafka) {
        this.provider = provider;
        this.token = token;
        this.kafka = kafka;
    }

    /** The next command for a step that has not been returned yet. */
    CloudEvent<StepCommand> command(UUID deployment, String app, String step) {
        return kafka.await(
                Topics.commands(provider),
                StepCommand.class,
                message -> message.data().survey() == null
                        && message.data().deploymentId().equals(deployment)
                        && message.data().appId().equals(app)
                        && message.data().stepId().equals(step));
    }

    /** The next command of a survey to look at a step that has not been returned yet. */
    CloudEvent<StepCommand> look(UUID survey, String step) {
        return kafka.await(
                Topics.commands(provider),
                StepCommand.class,
                message -> survey.equals(message.data().survey())
                        && message.data().stepId().equals(step));
    }

    ClaimAnswer.Claimed claim(UUID claimId, StepCommand command) {
        var attempt = new AttemptRef(
                command.deploymentId(), command.appId(), command.stepId(), command.attempt(), command.survey());
        return given().header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .body(new ClaimRequest(claimId, "test-" + provider, List.of(attempt)))
                .post("/internal/claims")
                .then()
                .statusCode(200)
                .extract()
                .as(ClaimAnswer.class)
                .attempts()
                .get(0);
    }

    ClaimAnswer.Claimed claim(StepCommand command) {
        return claim(Messages.newId(), command);
    }

    Heartbeat.Answer heartbeat(ClaimAnswer.Claimed claimed) {
        return given().header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .body(new Heartbeat(
                        "test-" + provider, List.of(new Heartbeat.Lease(claimed.attempt(), claimed.fence()))))
                .post("/internal/heartbeats")
                .then()
                .statusCode(200)
                .extract()
                .as(Heartbeat.Answer.class);
    }

    /** Takes the next command for a step, claims it and reports that it is done. */
    ClaimAnswer.Claimed complete(UUID deployment, String app, String step, String outputs) {
        var command = command(deployment, app, step);
        var claimed = claim(command.data());
        report(command, done(claimed, outputs));
        return claimed;
    }

    void report(CloudEvent<StepCommand> command, StepResult result) {
        var message = command.causing(
                Messages.newId(), "/" + provider + "-executor", command.subject(), Instant.EPOCH, result);
        kafka.send(Topics.results(provider), result.deploymentId().toString(), Messages.write(message));
    }

    static StepResult done(ClaimAnswer.Claimed claimed, String outputs) {
        return result(claimed, StepResult.Outcome.DONE, outputs, null, null);
    }

    static StepResult waiting(ClaimAnswer.Claimed claimed, StepResult.Waiting waiting, Effect... effects) {
        return result(claimed, StepResult.Outcome.WAITING, null, waiting, null, effects);
    }

    static StepResult failed(ClaimAnswer.Claimed claimed, Failure failure) {
        return result(claimed, StepResult.Outcome.FAILED, null, null, failure);
    }

    static StepResult found(ClaimAnswer.Claimed claimed, Finding... findings) {
        var ref = claimed.attempt();
        return StepResult.found(
                ref.deploymentId(),
                ref.appId(),
                ref.stepId(),
                ref.attempt(),
                ref.survey(),
                claimed.fence(),
                "test",
                List.of(findings));
    }

    /** As an executor does that stops after it began a write. */
    static StepResult handedBack(ClaimAnswer.Claimed claimed) {
        var ref = claimed.attempt();
        return new StepResult(
                ref.deploymentId(),
                ref.appId(),
                ref.stepId(),
                ref.attempt(),
                ref.survey(),
                claimed.fence(),
                "test",
                StepResult.Outcome.HANDED_BACK,
                null,
                null,
                null,
                new StepResult.HandedBack(true),
                null,
                List.of(),
                null);
    }

    private static StepResult result(
            ClaimAnswer.Claimed claimed,
            StepResult.Outcome outcome,
            String outputs,
            StepResult.Waiting waiting,
            Failure failure,
            Effect... effects) {
        var ref = claimed.attempt();
        return new StepResult(
                ref.deploymentId(),
                ref.appId(),
                ref.stepId(),
                ref.attempt(),
                claimed.fence(),
                "test",
                outcome,
                outputs == null ? null : json(outputs),
                waiting,
                failure,
                List.of(effects));
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) Messages.json().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(25))
                .untilAsserted(assertion);
    }
}
