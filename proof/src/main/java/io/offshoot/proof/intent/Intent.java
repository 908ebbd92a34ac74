package io.offshoot.proof.intent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.proof.canonical.CanonicalJson;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.intent.Signer.Standing;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.proof.statement.Statement;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a hub signs when it wants a deployment: this request, made with this definition, at this gateway, once, within this
 * window. An in-toto statement of one subject, the canonical request.
 *
 * @param request SHA-256 of the {@linkplain CanonicalRequest canonical request}, in lower-case hexadecimal
 * @param apps the ids of the apps, as the request lists them
 * @param secrets the names of the secrets, sorted; never a value
 * @param nonce makes it count once
 * @param audience the public address of the gateway it is meant for
 */
public record Intent(
        String request,
        Definition workflow,
        List<String> apps,
        List<String> secrets,
        String nonce,
        Instant notBefore,
        Instant notAfter,
        String audience,
        String hub) {

    /** What the predicate is, by in-toto's rules a URI: <code>docs/intents.md</code> describes it. */
    public static final String PREDICATE_TYPE = "https://offshoot.io/intent/v1";

    public static final String SUBJECT = "request";

    /** Between the beginning and the end of its validity. */
    public static final Duration LONGEST = Duration.ofHours(24);

    /** The hub's clock may be ahead of ours by so much. */
    public static final Duration LEEWAY = Duration.ofMinutes(2);

    /** 128 bits at least. */
    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32,128}");

    private static final int MOST_SIGNATURES = 8;

    private static final Set<String> MEMBERS =
            Set.of("workflow", "apps", "secrets", "nonce", "notBefore", "notAfter", "audience", "hub");
    private static final Set<String> OF_WORKFLOW = Set.of("id", "version", "digest");

    /** A definition of a workflow: no other has that digest. */
    public record Definition(String id, int version, String digest) {}

    public Intent {
        apps = List.copyOf(apps);
        secrets = List.copyOf(secrets);
    }

    /** The intent to have this request made with that definition. */
    public static Intent of(
            CanonicalRequest request,
            Definition workflow,
            String nonce,
            Instant notBefore,
            Instant notAfter,
            String audience,
            String hub) {
        return new Intent(
                request.digest(),
                workflow,
                request.apps(),
                request.secrets(),
                nonce,
                notBefore,
                notAfter,
                audience,
                hub);
    }

    public Envelope signed(SigningKey key) {
        return Envelope.signed(statement().toJson(), Envelope.IN_TOTO, key);
    }

    public Statement statement() {
        var json = JsonNodeFactory.instance;
        var predicate = json.objectNode();
        predicate
                .putObject("workflow")
                .put("id", workflow.id())
                .put("version", workflow.version())
                .put("digest", workflow.digest());
        apps.forEach(predicate.putArray("apps")::add);
        secrets.forEach(predicate.putArray("secrets")::add);
        predicate
                .put("nonce", nonce)
                .put("notBefore", notBefore.toString())
                .put("notAfter", notAfter.toString())
                .put("audience", audience)
                .put("hub", hub);
        return Statement.of(
                List.of(new Statement.Subject(SUBJECT, Map.of("sha256", request))), PREDICATE_TYPE, predicate);
    }

    /**
     * The intent in an envelope that one of these keys signed, whole and well-formed. What it is an intent of, the other
     * methods look at. Nothing of the payload is read before its signature is verified.
     *
     * @param signers all keys that the hub has and had
     * @throws IntentRefusedException for everything else
     */
    public static Intent verified(Envelope envelope, Collection<Signer> signers) {
        signersOf(envelope, signers);
        return read(envelope);
    }

    /**
     * The intent in an envelope that somebody else has verified.
     *
     * @throws IntentRefusedException if it is not well-formed
     */
    public static Intent read(Envelope envelope) {
        var statement = statement(envelope);
        if (statement.subject().size() != 1
                || !SUBJECT.equals(statement.subject().get(0).name())
                || !statement.subject().get(0).digest().containsKey("sha256")) {
            throw new IntentRefusedException(IntentFlaw.MALFORMED);
        }
        var intent = intent(statement.subject().get(0).digest().get("sha256"), statement.predicate());
        if (!NONCE.matcher(intent.nonce).matches()) {
            throw new IntentRefusedException(IntentFlaw.NONCE);
        }
        if (!intent.notBefore.isBefore(intent.notAfter)
                || Duration.between(intent.notBefore, intent.notAfter).compareTo(LONGEST) > 0) {
            throw new IntentRefusedException(IntentFlaw.WINDOW);
        }
        return intent;
    }

    /**
     * Those of a hub's keys that signed the envelope and count.
     *
     * @throws IntentRefusedException if there is none
     */
    public static List<Signer> signersOf(Envelope envelope, Collection<Signer> signers) {
        if (!Envelope.IN_TOTO.equals(envelope.payloadType())) {
            throw new IntentRefusedException(IntentFlaw.PAYLOAD_TYPE);
        }
        if (envelope.signatures().size() > MOST_SIGNATURES) {
            throw new IntentRefusedException(IntentFlaw.MALFORMED);
        }
        List<Signer> found;
        try {
            found = signers.stream()
                    .filter(signer ->
                            !envelope.verifiedBy(List.of(signer.key())).isEmpty())
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new IntentRefusedException(IntentFlaw.MALFORMED);
        }
        var counting = found.stream().filter(Signer::counts).toList();
        if (counting.isEmpty()) {
            throw new IntentRefusedException(
                    found.isEmpty()
                            ? IntentFlaw.NOT_SIGNED
                            : found.stream().anyMatch(signer -> signer.standing() == Standing.RETIRED)
                                    ? IntentFlaw.KEY_RETIRED
                                    : IntentFlaw.KEY_REVOKED);
        }
        return counting;
    }

    private static Statement statement(Envelope envelope) {
        Statement statement;
        try {
            statement = Statement.read(envelope.bytes());
        } catch (IllegalArgumentException e) {
            throw new IntentRefusedException(IntentFlaw.STATEMENT_TYPE);
        }
        if (!PREDICATE_TYPE.equals(statement.predicateType())) {
            throw new IntentRefusedException(IntentFlaw.STATEMENT_TYPE);
        }
        return statement;
    }

    /** By hand and to the letter: a member that we do not know may limit what the hub wants. */
    private static Intent intent(String request, ObjectNode predicate) {
        var workflow = predicate.path("workflow");
        demand(names(predicate).equals(MEMBERS) && names(workflow).equals(OF_WORKFLOW));
        var version = workflow.path("version");
        demand(version.isInt());
        try {
            return new Intent(
                    request,
                    new Definition(text(workflow, "id"), version.intValue(), text(workflow, "digest")),
                    texts(predicate, "apps"),
                    texts(predicate, "secrets"),
                    text(predicate, "nonce"),
                    Instant.parse(text(predicate, "notBefore")),
                    Instant.parse(text(predicate, "notAfter")),
                    text(predicate, "audience"),
                    text(predicate, "hub"));
        } catch (DateTimeException e) {
            throw new IntentRefusedException(IntentFlaw.MALFORMED);
        }
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String text(JsonNode object, String member) {
        var value = object.path(member);
        demand(value.isTextual());
        return value.textValue();
    }

    private static List<String> texts(JsonNode object, String member) {
        var list = object.path(member);
        demand(list.isArray());
        var texts = new ArrayList<String>();
        for (JsonNode value : list) {
            demand(value.isTextual());
            texts.add(value.textValue());
        }
        return texts;
    }

    private static void demand(boolean wellFormed) {
        if (!wellFormed) {
            throw new IntentRefusedException(IntentFlaw.MALFORMED);
        }
    }

    /** @throws IntentRefusedException if it is of another request, or says of it what it is not */
    public Intent of(CanonicalRequest asked) {
        refuse(!request.equals(asked.digest()), IntentFlaw.OTHER_REQUEST);
        refuse(!workflow.id().equals(asked.workflow()), IntentFlaw.OTHER_WORKFLOW);
        refuse(!apps.equals(asked.apps()), IntentFlaw.OTHER_APPS);
        refuse(!secrets.equals(asked.secrets()), IntentFlaw.OTHER_SECRETS);
        return this;
    }

    /** @throws IntentRefusedException if another hub wants it */
    public Intent by(String thisHub) {
        refuse(!hub.equals(thisHub), IntentFlaw.OTHER_HUB);
        return this;
    }

    /** @throws IntentRefusedException if it is meant for another gateway */
    public Intent at(String thisGateway) {
        refuse(!audience.equals(thisGateway), IntentFlaw.OTHER_AUDIENCE);
        return this;
    }

    /** @throws IntentRefusedException if a deployment may not be made of it now */
    public Intent within(Instant now) {
        refuse(now.isAfter(notAfter), IntentFlaw.EXPIRED);
        return begunBy(now);
    }

    /** @throws IntentRefusedException if nothing may have been made of it yet */
    public Intent begunBy(Instant now) {
        refuse(now.plus(LEEWAY).isBefore(notBefore), IntentFlaw.NOT_YET);
        return this;
    }

    /** @throws IntentRefusedException if the hub saw another definition than this */
    public Intent with(Definition used) {
        refuse(!workflow.equals(used), IntentFlaw.OTHER_WORKFLOW);
        return this;
    }

    private static void refuse(boolean really, IntentFlaw flaw) {
        if (really) {
            throw new IntentRefusedException(flaw);
        }
    }

    /** The digest by which others name an intent: SHA-256 of the signed bytes, in lower-case hexadecimal. */
    public static String digest(Envelope envelope) {
        return CanonicalJson.sha256(envelope.bytes());
    }
}
