package io.offshoot.executorkit.attempt;

import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.FixedBy;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import java.util.ArrayList;
import java.util.List;

/** Looks at what the ledger has of a step, and says what looks are answered with that do not get through. */
final class Inspection {

    private Inspection() {}

    /** One finding for each resource, in order: one that cannot be read does not hide the others. */
    static <I extends Record, O extends Record> Outcome<O> of(
            ActionHandler<I, O> handler, Attempt<I> attempt, List<Effect> resources) {
        var findings = new ArrayList<Finding>();
        for (Effect resource : resources) {
            findings.add(about(resource, observed(handler, attempt, resource)));
        }
        return new Outcome.Found<>(findings);
    }

    private static <I extends Record> Finding observed(
            ActionHandler<I, ?> handler, Attempt<I> attempt, Effect resource) {
        try {
            return handler.observe(attempt, resource);
        } catch (ProviderException e) {
            return Finding.unread(e.code(), e.getMessage());
        }
    }

    /** A finding is about the resource that was asked for, whatever else it says. */
    static Finding about(Effect resource, Finding finding) {
        return new Finding(
                finding.kind(),
                resource.kind(),
                resource.id(),
                finding.name() == null ? resource.name() : finding.name(),
                finding.message(),
                finding.code(),
                finding.fixedBy(),
                finding.link(),
                finding.changes(),
                finding.reads(),
                finding.writes());
    }

    /** A refusal would stop a run too. What passes by itself only hides what is there. */
    static Finding of(Failure failure) {
        return switch (failure.kind()) {
            case RETRYABLE, THROTTLED, UNCERTAIN -> Finding.unread(failure.code(), failure.message());
            case REFUSED -> Finding.blocked(failure.code(), failure.message(), FixedBy.HUB, null);
            case CREDENTIAL -> Finding.blocked(failure.code(), failure.message(), FixedBy.OPERATOR, null);
        };
    }

    /** @param instructions null if only the provider would be awaited */
    static Finding of(Instructions instructions) {
        return instructions == null
                ? Finding.unread("not-there-yet", "The provider is still at it.")
                : Finding.blocked("needs-person", instructions.what(), FixedBy.HUB, instructions.link());
    }
}
