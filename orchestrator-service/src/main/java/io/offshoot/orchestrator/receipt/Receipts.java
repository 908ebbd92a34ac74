package io.offshoot.orchestrator.receipt;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.CounterSignature;
import io.offshoot.contracts.query.ReceiptView;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.AttemptRow;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.EffectRow;
import io.offshoot.orchestrator.deployment.Ledger;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.workflows.Workflow;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Signs what became of deployments, and keeps it. Nothing that was signed is changed or forgotten. Thread-safe. */
@ApplicationScoped
public class Receipts {

    private final EntityManager entities;
    private final PlatformKeys keys;
    private final ReceiptConfig config;

    Receipts(EntityManager entities, PlatformKeys keys, ReceiptConfig config) {
        this.entities = entities;
        this.keys = keys;
        this.config = config;
    }

    /**
     * Makes the receipt of a deployment as it stands after its last event, in the caller's transaction and under the
     * deployment's lock. There is one of each event at most: the caller asks when an event has just been written.
     */
    public void make(Deployment deployment, Workflow workflow, Collection<StepRow> steps, Instant now) {
        var id = deployment.id;
        List<AttemptRow> attempts =
                AttemptRow.list("key.deploymentId = ?1 order by key.appId, key.stepId, key.number", id);
        var statement = Provenance.statement(new Provenance.Facts(
                deployment,
                workflow,
                App.of(id),
                List.copyOf(steps),
                attempts,
                Ledger.resources(EffectRow.of(id)),
                config.builder(),
                null,
                now));
        var bytes = statement.toJson();
        var signature = Envelope.signed(bytes, Envelope.IN_TOTO, keys.signing())
                .signatures()
                .get(0);
        var row = new ReceiptRow();
        row.key = new ReceiptRow.Key(id, deployment.seq);
        row.hub = deployment.hub;
        row.statement = new String(bytes, StandardCharsets.UTF_8);
        row.keyId = signature.keyid();
        row.signature = Base64.getDecoder().decode(signature.sig());
        row.madeAt = now;
        row.persist();
        Log.infof("Receipt of %s at %d", id, deployment.seq);
    }

    /**
     * A receipt with all its signatures.
     *
     * @param seq the event that it was made after; null for the newest
     * @throws ProblemException if the hub has no such deployment, or there is no such receipt
     */
    @Transactional
    ReceiptView one(String hub, UUID id, Long seq) {
        find(hub, id);
        return view(receipt(id, seq));
    }

    /**
     * Keeps a signature of the hub, which the caller has verified. The first of a key stands; a second one changes
     * nothing.
     */
    @Transactional
    ReceiptView add(String hub, UUID id, long seq, CounterSignature signature) {
        find(hub, id);
        var receipt = receipt(id, seq);
        entities.createNativeQuery("""
                        insert into receipt_signature (deployment_id, seq, key_id, hub, signature, signed_by)
                        values (?1, ?2, ?3, ?4, ?5, ?6) on conflict do nothing""")
                .setParameter(1, id)
                .setParameter(2, seq)
                .setParameter(3, signature.keyid())
                .setParameter(4, hub)
                .setParameter(5, Base64.getDecoder().decode(signature.sig()))
                .setParameter(6, signature.signedBy())
                .executeUpdate();
        return view(receipt);
    }

    private static void find(String hub, UUID id) {
        if (Deployment.ofHub(hub, id).isEmpty()) {
            throw new ProblemException(ProblemType.UNKNOWN_DEPLOYMENT, "The hub has no deployment of that id.");
        }
    }

    private static ReceiptRow receipt(UUID id, Long seq) {
        return (seq == null
                        ? ReceiptRow.newest(id)
                        : ReceiptRow.<ReceiptRow>findByIdOptional(new ReceiptRow.Key(id, seq)))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NO_RECEIPT_YET,
                        seq == null
                                ? "Nothing of this deployment has ended so far."
                                : "No receipt was made after event %d.".formatted(seq)));
    }

    private static ReceiptView view(ReceiptRow row) {
        var signatures = new ArrayList<ReceiptView.Signature>();
        signatures.add(new ReceiptView.Signature(row.keyId, base64(row.signature)));
        SignatureRow.of(row.key)
                .forEach(more -> signatures.add(new ReceiptView.Signature(more.key.keyId(), base64(more.signature))));
        return new ReceiptView(
                row.key.deploymentId(),
                row.key.seq(),
                ReceiptRow.before(row.key).map(before -> before.key.seq()).orElse(null),
                row.madeAt,
                base64(row.statement.getBytes(StandardCharsets.UTF_8)),
                Envelope.IN_TOTO,
                signatures);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
