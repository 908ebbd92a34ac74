package io.offshoot.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.proof.canonical.CanonicalJson;
import io.offshoot.proof.chain.EventChain;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.key.PublishedKey;
import io.offshoot.proof.key.PublishedKeys;
import io.offshoot.proof.statement.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Whether a receipt is what it says. Pure: it is told all it needs, follows no address and asks no clock. Nothing of
 * what was signed is looked at before the platform's signature has been found good.
 */
final class Verification {

    static final String PREDICATE = "https://slsa.dev/provenance/v1";
    static final String BUILD_TYPE = "https://offshoot.io/receipts/deployment/v1";

    /**
     * What came out.
     *
     * @param wrong why it is not valid; empty if it is
     * @param proven what is certain now, in plain words
     * @param notProven what one might think it proves
     * @param facts what was signed; null if it is not valid
     */
    record Report(List<String> wrong, List<String> proven, List<String> notProven, Facts facts) {

        boolean isValid() {
            return wrong.isEmpty();
        }
    }

    /** @param head of the hash chain, in hexadecimal */
    record Facts(
            UUID deployment,
            String hub,
            String builder,
            String workflow,
            String outcome,
            Instant started,
            Instant finished,
            long seq,
            String head,
            List<App> apps,
            List<Statement.Subject> subjects,
            List<String> platformKeys,
            List<String> hubKeys) {}

    record App(String id, String outcome) {}

    private final Envelope envelope;
    private final PublishedKeys platform;
    private final PublishedKeys hub;
    private final List<JsonNode> events;

    private final List<String> wrong = new ArrayList<>();
    private final List<String> proven = new ArrayList<>();
    private final List<String> notProven = new ArrayList<>();
    private final List<String> hubSigners = new ArrayList<>();

    private Verification(Envelope envelope, PublishedKeys platform, PublishedKeys hub, List<JsonNode> events) {
        this.envelope = envelope;
        this.platform = platform;
        this.hub = hub;
        this.events = events;
    }

    /**
     * @param receipt the file's bytes
     * @param hub null if they are not known
     * @param events null if they are not there
     */
    static Report of(byte[] receipt, PublishedKeys platform, PublishedKeys hub, List<JsonNode> events) {
        Envelope envelope;
        try {
            envelope = Envelope.read(receipt);
        } catch (IllegalArgumentException e) {
            return refused("The file is no DSSE envelope, so it is no receipt.");
        }
        return new Verification(envelope, platform, hub, events).report();
    }

    private static Report refused(String why) {
        return new Report(List.of(why), List.of(), List.of(), null);
    }

    private Report report() {
        if (!envelope.payloadType().equals(Envelope.IN_TOTO)) {
            return refused("What is signed is of another type (%s), so it is no receipt."
                    .formatted(Plain.text(envelope.payloadType())));
        }
        List<PublishedKey> signers;
        try {
            signers = signers(platform);
        } catch (IllegalArgumentException e) {
            return refused("What is signed is not in base64.");
        }
        if (signers.isEmpty()) {
            var isKnown = envelope.signatures().stream()
                    .anyMatch(sig ->
                            sig.keyid() != null && platform.byId(sig.keyid()).isPresent());
            return refused(
                    isKnown
                            ? "The platform's signature does not fit: the receipt was changed after it was signed, or never signed by that key."
                            : "It is signed by no key in the file of the platform's keys.");
        }
        Facts facts;
        try {
            facts = facts(Statement.read(envelope.bytes()), signers);
        } catch (IllegalArgumentException | DateTimeException e) {
            return refused("The platform's key signed this, but it is no receipt: " + Plain.text(e.getMessage()));
        }
        checkTime(facts, signers);
        checkHub(facts);
        checkEvents(facts);
        notProven.add("that the platform told the truth, and when it signed: the times are its own");
        notProven.add("that the providers still have what is named");
        return new Report(
                List.copyOf(wrong), List.copyOf(proven), List.copyOf(notProven), wrong.isEmpty() ? facts : null);
    }

    private List<PublishedKey> signers(PublishedKeys keys) {
        var found =
                envelope.verifiedBy(keys.keys().stream().map(PublishedKey::key).toList());
        return keys.keys().stream().filter(key -> found.contains(key.key())).toList();
    }

    private Facts facts(Statement statement, List<PublishedKey> signers) {
        if (!statement.predicateType().equals(PREDICATE)) {
            throw new IllegalArgumentException("it says something else (%s).".formatted(statement.predicateType()));
        }
        var definition = statement.predicate().path("buildDefinition");
        if (!definition.path("buildType").asText().equals(BUILD_TYPE)) {
            throw new IllegalArgumentException("it is of another kind (%s)."
                    .formatted(definition.path("buildType").asText()));
        }
        var run = statement.predicate().path("runDetails");
        var log = run.path("byproducts").path(0);
        if (!log.at("/annotations/rule").asText().equals(EventChain.RULE)) {
            throw new IllegalArgumentException("its hash chain follows a rule that is not known here.");
        }
        var deployment = UUID.fromString(run.at("/metadata/invocationId").asText());
        var name = "offshoot/deployment/" + deployment;
        var digest = CanonicalJson.sha256(
                "{\"id\":\"%s\",\"kind\":\"deployment\",\"provider\":\"offshoot\"}".formatted(deployment));
        if (statement.subject().stream()
                .noneMatch(subject -> name.equals(subject.name())
                        && digest.equals(subject.digest().get("sha256")))) {
            throw new IllegalArgumentException("the deployment is not among its subjects.");
        }
        var apps = new ArrayList<App>();
        run.path("offshoot_apps")
                .forEach(app -> apps.add(
                        new App(app.path("appId").asText(), app.path("outcome").asText())));
        var workflow = definition.at("/externalParameters/workflow");
        return new Facts(
                deployment,
                definition.at("/internalParameters/hub").asText(),
                run.at("/builder/id").asText(),
                "%s, version %d"
                        .formatted(
                                workflow.path("id").asText(),
                                workflow.path("version").asInt()),
                run.path("offshoot_outcome").asText(),
                Instant.parse(run.at("/metadata/startedOn").asText()),
                Instant.parse(run.at("/metadata/finishedOn").asText()),
                log.at("/annotations/seq").asLong(),
                log.at("/digest/sha256").asText(),
                List.copyOf(apps),
                statement.subject(),
                signers.stream().map(PublishedKey::id).toList(),
                hubSigners);
    }

    private void checkTime(Facts facts, List<PublishedKey> signers) {
        for (PublishedKey key : signers) {
            if (key.signedAt(facts.finished())) {
                proven.add("the platform's key %s signed exactly this".formatted(key.id()));
                return;
            }
        }
        var key = signers.get(0);
        wrong.add(
                key.revoked() != null
                        ? "The key %s was revoked on %s: whoever had it can have written any time into a receipt, so nothing that it signed is believed."
                                .formatted(key.id(), key.revoked())
                        : "The key %s did not sign for the platform on %s, when this says that it ended."
                                .formatted(key.id(), facts.finished()));
    }

    private void checkHub(Facts facts) {
        if (hub == null) {
            var others = envelope.signatures().size() - 1;
            notProven.add(
                    others > 0
                            ? "that the hub signed it: there are %d more signatures, and its keys were not given (--hub-keys)"
                                    .formatted(others)
                            : "that the hub agrees: it has not signed it");
            return;
        }
        var good = signers(hub);
        for (PublishedKey key : good) {
            if (key.revoked() != null) {
                notProven.add("that the hub signed it with the key %s, which was revoked on %s"
                        .formatted(key.id(), key.revoked()));
            } else if (key.retired() != null && facts.finished().isAfter(key.retired())) {
                notProven.add("that the hub signed it with the key %s, which was replaced on %s"
                        .formatted(key.id(), key.retired()));
            } else {
                hubSigners.add(key.id());
                proven.add("the hub's key %s signed it too".formatted(key.id()));
            }
        }
        for (Envelope.Sig sig : envelope.signatures()) {
            var ofHub = sig.keyid() != null && hub.byId(sig.keyid()).isPresent();
            if (ofHub && good.stream().noneMatch(key -> key.id().equals(sig.keyid()))) {
                wrong.add("A signature names the hub's key %s, and that key did not make it."
                        .formatted(Plain.text(sig.keyid())));
            } else if (!ofHub
                    && (sig.keyid() == null || platform.byId(sig.keyid()).isEmpty())) {
                notProven.add("whose the signature by the key %s is".formatted(Plain.text(sig.keyid())));
            }
        }
        if (hubSigners.isEmpty()) {
            notProven.add("that the hub agrees: none of its keys has signed it");
        }
    }

    private void checkEvents(Facts facts) {
        if (events == null) {
            notProven.add("what the single events were: they were not given (--events)");
            return;
        }
        try {
            var chain = EventChain.of(facts.deployment());
            for (JsonNode event : events) {
                if (chain.seq() == facts.seq()) {
                    break;
                }
                chain = chain.then(event);
            }
            if (chain.seq() < facts.seq()) {
                wrong.add("The receipt is about %d events, and the file has %d.".formatted(facts.seq(), chain.seq()));
            } else if (!chain.headHex().equals(facts.head())) {
                wrong.add("The events are not those that the receipt is about: their hash chain has another head.");
            } else {
                proven.add("the %d events in the file are those of the deployment, none changed, left out or put in"
                        .formatted(facts.seq()));
                if (events.size() > facts.seq()) {
                    notProven.add("the %d events after them, which came after the receipt"
                            .formatted(events.size() - facts.seq()));
                }
            }
        } catch (IllegalArgumentException e) {
            wrong.add("The events are not those that the receipt is about: %s.".formatted(Plain.text(e.getMessage())));
        }
    }
}
