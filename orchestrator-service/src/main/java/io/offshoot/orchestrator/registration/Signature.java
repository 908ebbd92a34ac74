package io.offshoot.orchestrator.registration;

import io.offshoot.contracts.intent.SignedIntent;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.orchestrator.deployment.IntentRow;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.intent.Intent;
import io.offshoot.proof.intent.IntentRefusedException;
import io.offshoot.workflows.Workflow;
import java.nio.charset.StandardCharsets;

/**
 * The hub's signature of a request, as the gateway verified it. What only the transaction that makes the deployment knows
 * is looked at here: which definition it is made with, and whether the intent was used.
 */
record Signature(Intent intent, String digest) {

    /** @throws ProblemException if it is not well-formed */
    static Signature of(SignedIntent signed) {
        try {
            var envelope = Envelope.read(signed.envelope().toString().getBytes(StandardCharsets.UTF_8));
            return new Signature(Intent.read(envelope), Intent.digest(envelope));
        } catch (IntentRefusedException e) {
            throw refused(e);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.INTENT_MALFORMED, ProblemType.INTENT_MALFORMED.cause());
        }
    }

    /** @throws ProblemException if another hub signed it, or for another definition */
    Signature demandFor(String hub, Workflow workflow) {
        try {
            intent.by(hub).with(new Intent.Definition(workflow.id(), workflow.version(), workflow.digest()));
            return this;
        } catch (IntentRefusedException e) {
            throw refused(e);
        }
    }

    /** @throws ProblemException if a deployment was made of it */
    void demandUnused(String hub) {
        if (IntentRow.isUsed(hub, nonce())) {
            throw new ProblemException(ProblemType.INTENT_REPLAYED, ProblemType.INTENT_REPLAYED.cause());
        }
    }

    String nonce() {
        return intent.nonce();
    }

    private static ProblemException refused(IntentRefusedException why) {
        for (ProblemType type : ProblemType.values()) {
            if (type.code().equals(why.flaw().code())) {
                return new ProblemException(type, why.flaw().words());
            }
        }
        return new ProblemException(ProblemType.INTENT_MALFORMED, why.flaw().words());
    }
}
