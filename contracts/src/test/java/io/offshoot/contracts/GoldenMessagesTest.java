package io.offshoot.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Budget;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.MessageType;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.message.UnreadableMessageException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each message is written exactly as its golden file, and read from it as it was. */
class GoldenMessagesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:15:30.123456Z");
    private static final UUID DEPLOYMENT = UUID.fromString("019aa600-0000-7000-8000-000000000001");
    private static final UUID REQUEST = UUID.fromString("019aa600-0000-7000-8000-000000000002");
    private static final UUID COMMAND = UUID.fromString("019aa600-0000-7000-8000-000000000003");
    private static final UUID RESULT = UUID.fromString("019aa600-0000-7000-8000-000000000004");
    private static final UUID EVENT = UUID.fromString("019aa600-0000-7000-8000-000000000005");
    private static final UUID SURVEY = UUID.fromString("019aa600-0000-7000-8000-000000000006");
    private static final String PLAN = "5e".repeat(32);
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String STEP = DEPLOYMENT + "/docs/repository";

    record Golden(String file, CloudEvent<?> message) {

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Golden> messages() {
        var request = CloudEvent.first(
                REQUEST,
                "/gateway",
                DEPLOYMENT.toString(),
                NOW,
                "example",
                TRACE,
                new DeploymentRequest(
                        DeploymentRequest.Kind.TRIGGER,
                        DEPLOYMENT,
                        "docs",
                        "repository",
                        json("{\"upstream\": \"offshoot-upstream/docs-site\"}"),
                        "operator"));
        var command = request.causing(
                COMMAND,
                "/orchestrator",
                STEP,
                NOW,
                new StepCommand(
                        DEPLOYMENT, "docs", "repository", "github/create-repository/1", 1, AttemptMode.EXECUTE));
        var outputs = json("{\"id\": 7, \"fullName\": \"example-hub/gathering-docs\"}");
        var effect = new Effect(
                "0123456789abcdef0123456789abcdef",
                "repository",
                "7",
                "example-hub/gathering-docs",
                "example-hub",
                Effect.Verb.CREATED,
                "offshoot:0123456789abcdef0123456789abcdef",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
        var instructions = new Instructions(
                "Set this DNS record",
                URI.create("https://vercel.com/docs/domains"),
                List.of(new Instructions.DnsRecord("TXT", "_vercel.example.org", "vc-domain-verify=docs")));
        var failure = new Failure(FailureClass.THROTTLED, "throttled", "GitHub asks for a pause.", 60_000L);
        var rerun = CloudEvent.first(
                REQUEST,
                "/gateway",
                DEPLOYMENT.toString(),
                NOW,
                "example",
                TRACE,
                new DeploymentRequest(
                        DeploymentRequest.Kind.TRIGGER, DEPLOYMENT, "docs", "repository", null, "operator", true));
        var teardown = CloudEvent.first(
                REQUEST,
                "/gateway",
                DEPLOYMENT.toString(),
                NOW,
                "example",
                TRACE,
                new DeploymentRequest(
                        DeploymentRequest.Kind.TEARDOWN,
                        DEPLOYMENT,
                        "docs",
                        null,
                        null,
                        "operator",
                        false,
                        PLAN,
                        Removal.ARCHIVE));
        return Stream.of(
                new Golden("deployment-request", request),
                new Golden("deployment-request-rerun", rerun),
                new Golden("deployment-request-teardown", teardown),
                new Golden("step-command", command),
                new Golden(
                        "step-command-survey",
                        CloudEvent.first(
                                COMMAND,
                                "/orchestrator",
                                STEP,
                                NOW,
                                "example",
                                TRACE,
                                new StepCommand(
                                        DEPLOYMENT,
                                        "docs",
                                        "repository",
                                        "github/create-repository/1",
                                        1,
                                        AttemptMode.PLAN,
                                        SURVEY))),
                new Golden(
                        "step-result-done",
                        command.causing(
                                RESULT,
                                "/github-executor",
                                STEP,
                                NOW,
                                result(StepResult.Outcome.DONE, outputs, null, null, List.of(effect)))),
                new Golden(
                        "step-result-waiting",
                        command.causing(
                                RESULT,
                                "/github-executor",
                                STEP,
                                NOW,
                                result(
                                        StepResult.Outcome.WAITING,
                                        null,
                                        new StepResult.Waiting(2000, json("{\"headSha\": \"c0ffee\"}"), instructions),
                                        null,
                                        List.of()))),
                new Golden(
                        "step-result-failed",
                        command.causing(
                                RESULT,
                                "/github-executor",
                                STEP,
                                NOW,
                                result(StepResult.Outcome.FAILED, null, null, failure, List.of()))),
                new Golden(
                        "step-result-throttled",
                        command.causing(
                                RESULT,
                                "/github-executor",
                                STEP,
                                NOW,
                                result(
                                                StepResult.Outcome.FAILED,
                                                null,
                                                null,
                                                new Failure(
                                                        FailureClass.THROTTLED,
                                                        "rate-limited",
                                                        "GitHub asks for a pause.",
                                                        60_000L),
                                                List.of())
                                        .with(new Budget(
                                                3, 250L, List.of(new Budget.Allowance("core", 5000L, 0, 60_000L)))))),
                new Golden(
                        "step-result-handed-back",
                        command.causing(
                                RESULT,
                                "/github-executor",
                                STEP,
                                NOW,
                                new StepResult(
                                        DEPLOYMENT,
                                        "docs",
                                        "repository",
                                        1,
                                        1,
                                        "github-executor-1",
                                        StepResult.Outcome.HANDED_BACK,
                                        null,
                                        null,
                                        null,
                                        new StepResult.HandedBack(true),
                                        List.of()))),
                new Golden(
                        "step-result-found",
                        command.causing(
                                RESULT,
                                "/github-executor",
                                STEP,
                                NOW,
                                StepResult.found(
                                        DEPLOYMENT,
                                        "docs",
                                        "repository",
                                        1,
                                        SURVEY,
                                        1,
                                        "github-executor-1",
                                        List.of(Finding.of(
                                                        Finding.Kind.CREATE,
                                                        "repository",
                                                        null,
                                                        "hub-a/gathering-docs",
                                                        "It would be made from offshoot/docs-site.")
                                                .taking(2, 1))))),
                new Golden("deployment-event", event(outputs)),
                new Golden(
                        "dead-letter",
                        CloudEvent.first(
                                EVENT,
                                "/orchestrator",
                                "deployment.triggers",
                                NOW,
                                "unknown",
                                null,
                                new DeadLetter(
                                        "unreadable",
                                        "Not JSON",
                                        "deployment.triggers",
                                        2,
                                        41,
                                        DEPLOYMENT.toString(),
                                        "{not json".getBytes(StandardCharsets.UTF_8)))));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageIsWrittenAsItsGoldenFile(Golden golden) throws IOException {
        assertThat(tree(Messages.write(golden.message()))).isEqualTo(tree(file(golden.file())));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aGoldenFileIsReadAsTheMessageItWas(Golden golden) throws Exception {
        var read = Messages.read(file(golden.file()), golden.message().data().getClass());

        assertThat(tree(Messages.write(read))).isEqualTo(tree(Messages.write(golden.message())));
        assertThat(read.id()).isEqualTo(golden.message().id());
    }

    @Test
    void everyMessageTypeHasAGoldenFile() {
        assertThat(messages().map(golden -> golden.message().type()))
                .containsAll(Arrays.stream(MessageType.values())
                        .map(MessageType::type)
                        .toList());
    }

    @Test
    void aFieldThatIsNotKnownIsIgnored() throws Exception {
        var message = (ObjectNode) tree(file("step-command"));
        message.put("added", 1).withObject("/data").put("addedToo", 2);

        assertThat(Messages.read(Messages.json().writeValueAsBytes(message), StepCommand.class)
                        .data()
                        .attempt())
                .isEqualTo(1);
    }

    @Test
    void whatIsNoMessageSaysWhy() {
        assertThatThrownBy(() -> Messages.read(null, StepCommand.class))
                .isInstanceOfSatisfying(UnreadableMessageException.class, e -> assertThat(e.reason())
                        .isEqualTo("unreadable"));
        assertThatThrownBy(() -> Messages.read("{\"a\":1,\"a\":2}".getBytes(StandardCharsets.UTF_8), StepCommand.class))
                .isInstanceOf(UnreadableMessageException.class);
        assertThatThrownBy(() -> Messages.read(file("step-command"), StepResult.class))
                .isInstanceOfSatisfying(UnreadableMessageException.class, e -> assertThat(e.reason())
                        .isEqualTo("unknown-type"));
        assertThatThrownBy(() -> Messages.read(
                        new String(file("step-command"), StandardCharsets.UTF_8)
                                .replace("\"attempt\": 1", "\"attempt\": 0")
                                .getBytes(StandardCharsets.UTF_8),
                        StepCommand.class))
                .isInstanceOf(UnreadableMessageException.class);
    }

    private static CloudEvent<DeploymentEvent> event(ObjectNode outputs) {
        var data = new DeploymentEvent(
                DEPLOYMENT,
                "docs-site",
                "docs",
                "repository",
                2,
                StepState.SUCCEEDED,
                PublicStatus.DONE,
                1,
                null,
                1,
                NOW,
                outputs,
                null,
                null,
                null,
                REQUEST);
        return new CloudEvent<>(
                "1.0",
                EVENT,
                "/orchestrator",
                MessageType.DEPLOYMENT_EVENT.type(),
                STEP,
                NOW,
                "application/json",
                "example",
                REQUEST,
                RESULT,
                TRACE,
                "2",
                data);
    }

    private static StepResult result(
            StepResult.Outcome outcome,
            ObjectNode outputs,
            StepResult.Waiting waiting,
            Failure failure,
            List<Effect> effects) {
        return new StepResult(
                DEPLOYMENT,
                "docs",
                "repository",
                1,
                1,
                "github-executor-1",
                outcome,
                outputs,
                waiting,
                failure,
                effects);
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) Messages.json().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode tree(byte[] bytes) throws IOException {
        return Messages.json().readTree(bytes);
    }

    private static byte[] file(String name) throws IOException {
        try (var in = GoldenMessagesTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            assertThat(in).as("golden file %s", name).isNotNull();
            return in.readAllBytes();
        }
    }
}
