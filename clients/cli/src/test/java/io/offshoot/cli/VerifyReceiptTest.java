package io.offshoot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.proof.canonical.CanonicalJson;
import io.offshoot.proof.chain.EventChain;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.key.PublishedKey;
import io.offshoot.proof.key.PublishedKeys;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.proof.statement.Statement;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyReceiptTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID DEPLOYMENT = UUID.fromString("01939f1e-0000-7000-8000-000000000001");
    private static final Instant FINISHED = Instant.parse("2026-05-01T10:00:00Z");
    private static final SigningKey PLATFORM = SigningKey.generate();
    private static final SigningKey HUB = SigningKey.generate();

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<JsonNode> events = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        for (int seq = 1; seq <= 3; seq++) {
            events.add(event(seq));
        }
        keys(PublishedKey.current(PLATFORM.verifying()));
        write("receipt.json", signed().toJson());
    }

    @Test
    void aReceiptAsItWasMadeIsValidAndSaysWhatIsProvenAndWhatIsNot() {
        assertThat(verify()).isZero();

        assertThat(out.toString())
                .startsWith("VALID")
                .contains(DEPLOYMENT.toString(), "hub-a: succeeded", "github/repository/7 at commit " + "be".repeat(20))
                .contains("the platform's key %s signed exactly this".formatted(PLATFORM.id()))
                .contains("Not proven:", "that the hub agrees", "what the single events were");
    }

    @Test
    void asJsonItIsOneObject() throws IOException {
        assertThat(verify("--json")).isZero();

        var report = JSON.readTree(out.toString());
        assertThat(report.path("valid").asBoolean()).isTrue();
        assertThat(report.at("/receipt/deployment").asText()).isEqualTo(DEPLOYMENT.toString());
        assertThat(report.at("/receipt/seq").asLong()).isEqualTo(3);
    }

    @Test
    void aChangedByteIsNoticed() throws IOException {
        var statement = new String(signed().bytes()).replace("succeeded", "sacceeded");
        var changed = new Envelope(
                Base64.getEncoder().encodeToString(statement.getBytes()), Envelope.IN_TOTO, signed().signatures());
        write("receipt.json", changed.toJson());

        isNotValid("was changed after it was signed");
        assertThat(out.toString()).doesNotContain("sacceeded");
    }

    @Test
    void anotherPayloadTypeIsNoReceiptWhoeverSignedIt() throws IOException {
        write(
                "receipt.json",
                Envelope.signed(signed().bytes(), "application/json", PLATFORM).toJson());

        isNotValid("of another type (application/json)");
    }

    @Test
    void aReceiptSignedByAnUnknownKeyIsNotValid() throws IOException {
        keys(PublishedKey.current(SigningKey.generate().verifying()));

        isNotValid("signed by no key in the file");
    }

    @Test
    void aStatementOfAnotherTypeIsNoReceiptEvenIfThePlatformSignedIt() throws IOException {
        signs(statement().toString().replace("in-toto.io/Statement/v1", "in-toto.io/Statement/v0.1"));
        isNotValid("This is no in-toto Statement v1");
        signs(statement().toString().replace(Verification.PREDICATE, "https://example.org/other"));
        isNotValid("it says something else");
        signs(statement().toString().replace(Verification.BUILD_TYPE, "https://example.org/other"));
        isNotValid("it is of another kind");
        signs(statement().toString().replace("deployment/" + DEPLOYMENT, "deployment/" + UUID.randomUUID()));
        isNotValid("not among its subjects");
        signs(statement().toString().replace(FINISHED.toString(), "yesterday"));
        isNotValid("it is no receipt");
        signs("no json");
        isNotValid("it is no receipt");
    }

    @Test
    void aKeyThatWasReplacedLaterStillCountsAndOneReplacedBeforeDoesNot() throws IOException {
        keys(new PublishedKey(PLATFORM.verifying(), null, FINISHED.plusSeconds(60), null));
        assertThat(verify()).isZero();

        keys(new PublishedKey(PLATFORM.verifying(), null, FINISHED.minusSeconds(60), null));
        isNotValid("did not sign for the platform on");
    }

    @Test
    void aRevokedKeyProvesNothingWhateverTimeIsWritten() throws IOException {
        keys(new PublishedKey(PLATFORM.verifying(), null, null, FINISHED.plusSeconds(86_400)));

        isNotValid("was revoked on");
    }

    @Test
    void theHubsSignatureIsShownWhenItsKeysAreGiven() throws IOException {
        write("receipt.json", signed().countersigned(HUB).toJson());
        hubKeys(PublishedKey.current(HUB.verifying()));

        assertThat(verify("--hub-keys", path("hub.json"))).isZero();

        assertThat(out.toString()).contains("the hub's key %s signed it too".formatted(HUB.id()));
    }

    @Test
    void withoutTheHubsKeysItsSignatureIsNotProven() throws IOException {
        write("receipt.json", signed().countersigned(HUB).toJson());

        assertThat(verify()).isZero();

        assertThat(out.toString()).contains("there are 1 more signatures").doesNotContain("signed it too");
    }

    @Test
    void aRevokedHubKeyOrAStrangersDoesNotCountForTheHub() throws IOException {
        var stranger = SigningKey.generate();
        write(
                "receipt.json",
                signed().countersigned(HUB).countersigned(stranger).toJson());
        hubKeys(new PublishedKey(HUB.verifying(), null, null, FINISHED));

        assertThat(verify("--hub-keys", path("hub.json"))).isZero();

        assertThat(out.toString())
                .contains("which was revoked on", "whose the signature by the key %s is".formatted(stranger.id()))
                .contains("none of its keys has signed it")
                .doesNotContain("signed it too");
    }

    @Test
    void aSignatureThatOnlyNamesTheHubsKeyMakesItNotValid() throws IOException {
        var other = Envelope.signed("other".getBytes(), Envelope.IN_TOTO, HUB)
                .signatures()
                .get(0);
        write("receipt.json", signed().with(other).toJson());
        hubKeys(PublishedKey.current(HUB.verifying()));

        isNotValid("that key did not make it", "--hub-keys", path("hub.json"));
    }

    @Test
    void theEventsAreCheckedAgainstTheHeadHoweverTheyWereSaved() throws IOException {
        events.add(event(4));
        write("array.json", JSON.writeValueAsBytes(events));
        write("lines.json", lines("").getBytes());
        write("stream.txt", (": alive\n\n" + lines("id: 1\ndata: ")).getBytes());

        for (var file : List.of("array.json", "lines.json", "stream.txt")) {
            assertThat(verify("--events", path(file))).as(file).isZero();
            assertThat(out.toString()).contains("the 3 events in the file", "the 1 events after them");
        }
    }

    @Test
    void eventsThatWereChangedLeftOutOrSwappedAreNoticed() throws IOException {
        ((ObjectNode) events.get(1).path("data")).put("state", "FAILED");
        write("events.json", JSON.writeValueAsBytes(events));
        isNotValid("another head", "--events", path("events.json"));

        write("events.json", JSON.writeValueAsBytes(List.of(event(1), event(3))));
        isNotValid("Event 2 is not there", "--events", path("events.json"));

        write("events.json", JSON.writeValueAsBytes(List.of(event(2), event(1), event(3))));
        isNotValid("Event 1 is not there", "--events", path("events.json"));

        write("events.json", JSON.writeValueAsBytes(List.of(event(1), event(2))));
        isNotValid("about 3 events, and the file has 2", "--events", path("events.json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "null",
                "{}",
                "{\"payload\": \"\"}",
                "\u0000\u0001",
                "{\"payload\":\"a\",\"payload\":\"b\"}"
            })
    void whatIsNoEnvelopeIsNoReceipt(String text) throws IOException {
        write("receipt.json", text.getBytes());

        isNotValid("no DSSE envelope");
    }

    @Test
    void aPayloadThatIsNoBase64IsNoReceipt() throws IOException {
        write("receipt.json", new Envelope("***", Envelope.IN_TOTO, signed().signatures()).toJson());

        isNotValid("not in base64");
    }

    @Test
    void aHugeFileIsNotRead() throws IOException {
        try (var file = new RandomAccessFile(folder.resolve("receipt.json").toFile(), "rw")) {
            file.setLength(Input.LARGEST + 1L);
        }

        assertThat(verify()).isEqualTo(2);
        assertThat(err.toString()).contains("larger than 16 MiB");
    }

    @Test
    void whatATerminalWouldObeyIsNotPrinted() throws IOException {
        var text = statement().toString().replace("hub-a", "\\u001b[2J\\u202ehub\\u0007");
        signs(text);

        assertThat(verify()).isZero();

        assertThat(out.toString()).contains("\uFFFD[2J\uFFFDhub\uFFFD").doesNotContain("\u001b", "\u202e", "\u0007");
        assertThat(verify("--json")).isZero();
        assertThat(out.toString()).doesNotContain("\u001b", "\u202e", "\u0007");
    }

    @Test
    void aCommandThatCannotBeUnderstoodEndsWithTwo() {
        assertThat(run("receipt", "verify", path("receipt.json"))).isEqualTo(2);
        assertThat(err.toString()).contains("--keys");
        assertThat(run("receipt", "verify", path("missing.json"), "--keys", path("keys.json")))
                .isEqualTo(2);
        assertThat(run("receipt", "verify", path("receipt.json"), "--keys", path("receipt.json")))
                .isEqualTo(2);
        assertThat(run("receipt", "verify", path("receipt.json"), "--keys", "https://example.org/keys.json"))
                .isEqualTo(2);
        assertThat(run("nonsense")).isEqualTo(2);
    }

    private void isNotValid(String why, String... more) {
        assertThat(verify(more)).isEqualTo(1);
        assertThat(out.toString()).startsWith("NOT VALID").contains(why).doesNotContain("Proven:");
    }

    private int verify(String... more) {
        var arguments =
                new ArrayList<>(List.of("receipt", "verify", path("receipt.json"), "--keys", path("keys.json")));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private void keys(PublishedKey... keys) throws IOException {
        write("keys.json", new PublishedKeys(List.of(keys)).toJson().toString().getBytes());
    }

    private void hubKeys(PublishedKey... keys) throws IOException {
        write("hub.json", new PublishedKeys(List.of(keys)).toJson().toString().getBytes());
    }

    private void signs(String statement) throws IOException {
        write(
                "receipt.json",
                Envelope.signed(statement.getBytes(), Envelope.IN_TOTO, PLATFORM)
                        .toJson());
    }

    private Envelope signed() {
        return Envelope.signed(CanonicalJson.of(statement()), Envelope.IN_TOTO, PLATFORM);
    }

    private JsonNode statement() {
        var predicate = JSON.createObjectNode();
        var definition = predicate.putObject("buildDefinition").put("buildType", Verification.BUILD_TYPE);
        definition
                .putObject("externalParameters")
                .putObject("workflow")
                .put("id", "docs-site")
                .put("version", 1);
        definition.putObject("internalParameters").put("hub", "hub-a");
        var run = predicate.putObject("runDetails");
        run.putObject("builder").put("id", "https://example.org/platform");
        run.putObject("metadata")
                .put("invocationId", DEPLOYMENT.toString())
                .put("startedOn", FINISHED.minusSeconds(60).toString())
                .put("finishedOn", FINISHED.toString());
        var chain = EventChain.of(DEPLOYMENT);
        for (int seq = 1; seq <= 3; seq++) {
            chain = chain.then(event(seq));
        }
        var log = run.putArray("byproducts").addObject();
        log.putObject("digest").put("sha256", chain.headHex());
        log.putObject("annotations").put("seq", 3).put("rule", EventChain.RULE);
        run.put("offshoot_outcome", "succeeded");
        run.putArray("offshoot_apps").addObject().put("appId", "docs").put("outcome", "succeeded");
        var digest = CanonicalJson.sha256(
                "{\"id\":\"%s\",\"kind\":\"deployment\",\"provider\":\"offshoot\"}".formatted(DEPLOYMENT));
        return JSON.valueToTree(Statement.of(
                List.of(
                        new Statement.Subject("offshoot/deployment/" + DEPLOYMENT, Map.of("sha256", digest)),
                        new Statement.Subject("github/repository/7", Map.of("gitCommit", "be".repeat(20)))),
                Verification.PREDICATE,
                predicate));
    }

    private static ObjectNode event(int seq) {
        var event = JSON.createObjectNode().put("id", "e" + seq);
        event.putObject("data")
                .put("deploymentId", DEPLOYMENT.toString())
                .put("seq", seq)
                .put("state", "SUCCEEDED");
        return event;
    }

    private String lines(String before) {
        return events.stream().map(event -> before + event + "\n").collect(Collectors.joining("\n"));
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}
