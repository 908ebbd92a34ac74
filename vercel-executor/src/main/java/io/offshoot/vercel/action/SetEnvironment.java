package io.offshoot.vercel.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sets the app's environment variables on its project.
 *
 * <p>Idempotent: each variable is set or replaced, never added a second time. Names may be shown and values never:
 * what Vercel says about a variable is not handed on, for it may quote the value.
 */
@ApplicationScoped
class SetEnvironment implements ActionHandler<VercelActions.SetEnvironment, VercelActions.Environment> {

    private static final String[] TARGETS = {"production", "preview"};

    private final VercelConnections connections;

    SetEnvironment(VercelConnections connections) {
        this.connections = connections;
    }

    @Override
    public Action<VercelActions.SetEnvironment, VercelActions.Environment> action() {
        return VercelActions.SET_ENVIRONMENT;
    }

    @Override
    public Outcome<VercelActions.Environment> run(Attempt<VercelActions.SetEnvironment> attempt) {
        var vercel = connections.of(attempt);
        var environment = new TreeMap<>(attempt.env());
        if (environment.isEmpty()) {
            return new Outcome.Done<>(new VercelActions.Environment(List.of()), List.of());
        }
        var project = attempt.input().projectId();
        var variables = environment.entrySet().stream()
                .map(entry -> Vercel.Variable.plain(entry.getKey(), entry.getValue(), TARGETS))
                .toList();
        var names = List.copyOf(environment.keySet());
        attempt.beforeWrite();
        List<String> notTaken;
        try {
            notTaken = vercel.setVariables(project, variables);
        } catch (ProviderException e) {
            if (e.kind() != FailureClass.REFUSED) {
                throw e;
            }
            throw new ProviderException(
                    FailureClass.REFUSED,
                    e.code(),
                    "Vercel does not take the environment variables: " + String.join(", ", names));
        }
        if (!notTaken.isEmpty()) {
            return new Outcome.Failed<>(
                    new Failure(
                            FailureClass.REFUSED,
                            "variables-refused",
                            "Vercel did not take these environment variables: " + String.join(", ", notTaken)),
                    List.of());
        }
        var effect = new Effect(
                attempt.effectKey("environment"),
                "environment",
                project,
                null,
                vercel.team(),
                Effect.Verb.CREATED,
                null,
                SettingsDigest.of(Map.of("projectId", project, "names", names, "targets", TARGETS)));
        return new Outcome.Done<>(new VercelActions.Environment(names), List.of(effect));
    }
}
