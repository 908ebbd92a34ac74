package io.offshoot.vercel.action;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.executorkit.call.Answer;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.Sites;
import io.offshoot.vercel.connection.VercelConfig;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds a commit for production and waits, one look at a time, until it is served.
 *
 * <p>Idempotent by the mark in the deployment's <code>meta</code>: a deployment that carries it and has not failed is
 * taken up, and only without one is a build begun. A build that an earlier generation began unseen is taken up too, if
 * it is of the same commit.
 *
 * <p>The mark does not keep a second build from being made: an executor that was held up between its look and its write
 * writes late. So where an earlier attempt's end is not known, success is not told before it was waited for that, and
 * looked again: a second build is removed, and told of.
 */
@ApplicationScoped
class DeployProduction implements ActionHandler<VercelActions.DeployProduction, VercelActions.Site> {

    private static final String MARK = "offshootEffect";
    private static final String COMMIT = "offshootCommit";
    private static final String DEPLOYMENT = "deploymentId";
    private static final String UNSURE = "unsure";
    private static final String SERVED = "served";
    private static final int LOG_LINES = 15;

    private final VercelConnections connections;
    private final VercelConfig config;
    private final Sites sites;

    DeployProduction(VercelConnections connections, VercelConfig config, Sites sites) {
        this.connections = connections;
        this.config = config;
        this.sites = sites;
    }

    @Override
    public Action<VercelActions.DeployProduction, VercelActions.Site> action() {
        return VercelActions.DEPLOY_PRODUCTION;
    }

    @Override
    public Outcome<VercelActions.Site> run(Attempt<VercelActions.DeployProduction> attempt) {
        var vercel = connections.of(attempt);
        var known = begun(attempt);
        if (known.isPresent()) {
            return look(attempt, vercel, known.get(), List.of());
        }
        var there = attempt.lookTwice(() -> marked(attempt, vercel).stream().findFirst());
        if (there.isPresent()) {
            var build = there.get();
            var taken = effect(attempt, vercel, build.meta().get(MARK), build.uid(), Effect.Verb.ADOPTED);
            return look(attempt, vercel, build.uid(), List.of(taken));
        }
        attempt.beforeWrite();
        var input = attempt.input();
        var meta = Map.of(
                MARK,
                attempt.effectKey("deployment"),
                COMMIT,
                input.commitSha(),
                "offshootDeployment",
                attempt.deploymentId().toString(),
                "offshootApp",
                attempt.appId());
        var made = vercel.deploy(
                input.projectId(), input.projectName(), input.repositoryId(), input.branch(), input.commitSha(), meta);
        var begun = effect(attempt, vercel, attempt.effectKey("deployment"), made.id(), Effect.Verb.CREATED);
        return waiting(attempt, made.id(), List.of(begun));
    }

    /** Cancels the build. One that is served by then is done. */
    @Override
    public Outcome<VercelActions.Site> cancel(Attempt<VercelActions.DeployProduction> attempt) {
        var vercel = connections.of(attempt);
        var id = begun(attempt).or(() -> attempt.lookTwice(
                        () -> marked(attempt, vercel).stream().findFirst())
                .map(Vercel.ListedDeployment::uid));
        if (id.isEmpty()) {
            return ActionHandler.cancelled(List.of());
        }
        attempt.beforeWrite();
        if (!vercel.cancelDeployment(id.get())) {
            var there = vercel.deployment(id.get());
            if (there.isPresent() && isServed(there.get())) {
                return served(there.get(), List.of());
            }
        }
        return ActionHandler.cancelled(List.of());
    }

    private static Optional<String> begun(Attempt<?> attempt) {
        return Optional.ofNullable(attempt.checkpoint().path(DEPLOYMENT).textValue());
    }

    private static List<Vercel.ListedDeployment> marked(
            Attempt<VercelActions.DeployProduction> attempt, Vercel vercel) {
        var key = attempt.effectKey("deployment");
        var earlier = attempt.previousEffectKeys("deployment");
        var commit = attempt.input().commitSha();
        return vercel.deploymentsMarked(
                attempt.input().projectId(),
                meta -> key.equals(meta.get(MARK))
                        || earlier.contains(meta.getOrDefault(MARK, "")) && commit.equals(meta.get(COMMIT)));
    }

    private Outcome<VercelActions.Site> look(
            Attempt<VercelActions.DeployProduction> attempt, Vercel vercel, String id, List<Effect> effects) {
        var found = vercel.deployment(id);
        if (found.isEmpty()) {
            return refused("deployment-gone", "The build is no longer there.", effects);
        }
        var deployment = found.get();
        return switch (deployment.readyState()) {
            case QUEUED, INITIALIZING, BUILDING, UNKNOWN -> waiting(attempt, id, effects);
            case READY -> {
                if (deployment.aliasError() != null) {
                    yield refused(
                            "alias-refused",
                            "It is built, but Vercel could not give it its address: "
                                    + Answer.shown(deployment.aliasError().message()),
                            effects);
                }
                if ("failed".equals(deployment.checksConclusion())) {
                    yield refused("checks-failed", "It is built, but its checks failed.", effects);
                }
                yield isServed(deployment)
                        ? alone(attempt, vercel, deployment, effects)
                        : waiting(attempt, id, effects);
            }
            case ERROR -> refused("build-failed", why(attempt, vercel, deployment), effects);
            case CANCELED -> refused("build-cancelled", "The build was cancelled at Vercel.", effects);
            case DELETED -> refused("deployment-gone", "The build was deleted at Vercel.", effects);
        };
    }

    private static boolean isServed(Vercel.Deployment deployment) {
        return deployment.readyState() == Vercel.State.READY
                && deployment.aliasError() == null
                && deployment.isAliasAssigned()
                && !deployment.alias().isEmpty();
    }

    /** The name is taken from the deployment, never built: another team may hold the name one would expect. */
    private Outcome<VercelActions.Site> served(Vercel.Deployment deployment, List<Effect> effects) {
        var alias = deployment.alias().get(0);
        return new Outcome.Done<>(new VercelActions.Site(deployment.id(), alias, sites.address(alias)), effects);
    }

    private Outcome<VercelActions.Site> waiting(Attempt<?> attempt, String id, List<Effect> effects) {
        var checkpoint = JsonNodeFactory.instance.objectNode().put(DEPLOYMENT, id);
        if (mayComeTwice(attempt)) {
            checkpoint.put(UNSURE, true);
        }
        return new Outcome.Waiting<>(config.lookAfter(), checkpoint, null, effects);
    }

    /** It is served. Where a second one may come late, that is waited for once, and removed if it has come. */
    private Outcome<VercelActions.Site> alone(
            Attempt<VercelActions.DeployProduction> attempt,
            Vercel vercel,
            Vercel.Deployment deployment,
            List<Effect> effects) {
        if (!mayComeTwice(attempt)) {
            return served(deployment, effects);
        }
        if (!attempt.checkpoint().path(SERVED).asBoolean()) {
            var checkpoint = JsonNodeFactory.instance
                    .objectNode()
                    .put(DEPLOYMENT, deployment.id())
                    .put(UNSURE, true)
                    .put(SERVED, true);
            return new Outcome.Waiting<>(config.lateWrites(), checkpoint, null, effects);
        }
        var all = new ArrayList<>(effects);
        for (var second : marked(attempt, vercel)) {
            if (!second.uid().equals(deployment.id())) {
                attempt.beforeWrite();
                vercel.deleteDeployment(second.uid());
                all.add(effect(attempt, vercel, second.meta().get(MARK), second.uid(), Effect.Verb.REMOVED));
            }
        }
        return served(deployment, all);
    }

    /** Whether the end of an attempt is not known that may have begun a build. */
    private static boolean mayComeTwice(Attempt<?> attempt) {
        return attempt.mode() == AttemptMode.PROBE_FIRST
                || attempt.checkpoint().path(UNSURE).asBoolean();
    }

    /** What the provider says, and the end of the build's log, without the values the build was given. */
    private static String why(Attempt<?> attempt, Vercel vercel, Vercel.Deployment deployment) {
        var lines = new ArrayList<String>();
        lines.add("The build failed: " + Answer.shown(deployment.errorMessage()));
        try {
            vercel.buildLog(deployment.id(), LOG_LINES).stream()
                    .map(Answer::shown)
                    .forEach(lines::add);
        } catch (ProviderException e) {
            lines.add("(The build's log could not be read.)");
        }
        var text = String.join("\n", lines);
        for (String value : attempt.env().values()) {
            if (value.length() > 3) {
                text = text.replace(value, "•••");
            }
        }
        return text;
    }

    private static Effect effect(
            Attempt<VercelActions.DeployProduction> attempt, Vercel vercel, String key, String id, Effect.Verb verb) {
        return new Effect(
                key,
                "deployment",
                id,
                attempt.input().projectName(),
                vercel.team(),
                verb,
                MARK + "=" + key,
                verb == Effect.Verb.REMOVED ? null : SettingsDigest.of(attempt.input()));
    }

    private static Outcome<VercelActions.Site> refused(String code, String message, List<Effect> effects) {
        return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, code, message), effects);
    }
}
