package io.offshoot.vercel.action;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.executorkit.call.Answer;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.Sites;
import io.offshoot.vercel.connection.VercelConfig;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * A build for production, from its beginning until it is served and taken back, whatever it is made of.
 *
 * <p>Idempotent by the mark in the deployment's <code>meta</code>: a deployment that carries it and has not failed is
 * taken up, and only without one is a build begun. A build that an earlier generation began unseen is taken up too, if
 * it is of the same source.
 *
 * <p>The mark does not keep a second build from being made: an executor that was held up between its look and its write
 * writes late. So where an earlier attempt's end is not known, success is not told before it was waited for that, and
 * looked again: a second build is removed, and told of.
 */
@ApplicationScoped
class ProductionBuild {

    /**
     * What is to be served.
     *
     * @param sourceName the name in <code>meta</code> that what it is made of has
     * @param source what it is made of: two builds of the same are the same
     * @param settings the digest for the ledger
     */
    record Wanted(String projectId, String projectName, String sourceName, String source, String settings) {}

    private static final String MARK = "offshootEffect";
    private static final String OF_DEPLOYMENT = "offshootDeployment";
    private static final String OF_APP = "offshootApp";
    private static final String DEPLOYMENT = "deploymentId";
    private static final String UNSURE = "unsure";
    private static final String SERVED = "served";
    private static final int LOG_LINES = 15;

    private final VercelConnections connections;
    private final VercelConfig config;
    private final Sites sites;

    ProductionBuild(VercelConnections connections, VercelConfig config, Sites sites) {
        this.connections = connections;
        this.config = config;
        this.sites = sites;
    }

    /** @param begin is given the connection and what the build's <code>meta</code> must be, and makes the build */
    Outcome<VercelActions.Site> run(
            Attempt<?> attempt, Wanted wanted, BiFunction<Vercel, Map<String, String>, Vercel.Deployment> begin) {
        var vercel = connections.of(attempt);
        var known = begun(attempt);
        if (known.isPresent()) {
            return look(attempt, vercel, wanted, known.get(), List.of());
        }
        var there = there(attempt, vercel, wanted);
        if (there.isPresent()) {
            var build = there.get();
            var taken = effect(vercel, wanted, build.meta().get(MARK), build.uid(), Effect.Verb.ADOPTED);
            return look(attempt, vercel, wanted, build.uid(), List.of(taken));
        }
        var meta = Map.of(
                MARK,
                attempt.effectKey("deployment"),
                wanted.sourceName(),
                wanted.source(),
                OF_DEPLOYMENT,
                attempt.deploymentId().toString(),
                OF_APP,
                attempt.appId());
        var made = begin.apply(vercel, meta);
        var begun = effect(vercel, wanted, attempt.effectKey("deployment"), made.id(), Effect.Verb.CREATED);
        return waiting(attempt, made.id(), List.of(begun));
    }

    /** Cancels the build. One that is served by then is done. */
    Outcome<VercelActions.Site> cancel(Attempt<?> attempt, Wanted wanted) {
        var vercel = connections.of(attempt);
        var id = begun(attempt).or(() -> there(attempt, vercel, wanted).map(Vercel.ListedDeployment::uid));
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

    /**
     * What a run would do. Each look at a build that takes longer than one pause is a read more.
     *
     * @param writes those that begin a build
     */
    Finding plan(Attempt<?> attempt, Wanted wanted, int writes) {
        var name = attempt.knows("projectName") ? wanted.projectName() : null;
        var begins = Finding.of(Finding.Kind.CREATE, "deployment", null, name, "A build is begun and awaited.")
                .taking(2, writes);
        if (!attempt.knows("projectId")) {
            return begins;
        }
        return there(attempt, connections.of(attempt), wanted)
                .map(build -> Finding.of(
                                Finding.Kind.ADOPT,
                                "deployment",
                                build.uid(),
                                wanted.projectName(),
                                "An earlier attempt of this step began it.")
                        .taking(2, 0))
                .orElse(begins);
    }

    /**
     * Whether it is there, ready, and what the project's addresses lead to; or a later build of this app is. What a build
     * is of nobody can change.
     */
    Finding observe(Attempt<?> attempt, Effect resource) {
        var vercel = connections.of(attempt);
        var unseen = Effects.unseen(vercel, resource);
        if (unseen.isPresent()) {
            return unseen.get();
        }
        var there = vercel.deployment(resource.id());
        if (there.isEmpty() || there.get().readyState() == Vercel.State.DELETED) {
            return Finding.of(Finding.Kind.MISSING, "The build is not there any more.");
        }
        var build = there.get();
        var changes = new Changes()
                .compare("/mark", mark(resource), mark(build))
                .compare("/state", Vercel.State.READY, build.readyState());
        var served = Optional.ofNullable(build.projectId())
                .flatMap(vercel::project)
                .flatMap(Vercel.Project::served)
                .orElse(null);
        if (!build.id().equals(served) && !isLater(attempt, vercel, served, build)) {
            changes.compare("/served", build.id(), served);
        }
        return Finding.of(
                changes.isEmpty() ? Finding.Kind.SAME : Finding.Kind.CHANGED,
                "deployment",
                resource.id(),
                resource.name(),
                changes.isEmpty()
                        ? "It is what is served, or a later build is."
                        : "It is not what is served, or not as it was left.",
                changes.list());
    }

    /** Whether that one is this app's too, and was made after this one. */
    private static boolean isLater(Attempt<?> attempt, Vercel vercel, String id, Vercel.Deployment build) {
        return id != null
                && vercel.deployment(id)
                        .filter(other -> attempt.deploymentId()
                                        .toString()
                                        .equals(other.meta().get(OF_DEPLOYMENT))
                                && attempt.appId().equals(other.meta().get(OF_APP))
                                && other.createdAt() > build.createdAt())
                        .isPresent();
    }

    /** Stops it if it is being built, and deletes it. */
    Undone undo(Attempt<?> attempt, Effect resource) {
        var vercel = connections.of(attempt);
        var elsewhere = Effects.untouched(vercel, resource);
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        var there = vercel.deployment(resource.id());
        if (there.isEmpty() || there.get().readyState() == Vercel.State.DELETED) {
            return Undone.removed();
        }
        if (!mark(there.get()).equals(mark(resource))) {
            return Undone.left("The deployment does not carry the mark of this step.");
        }
        if (there.get().readyState().isGoingOn()) {
            attempt.beforeWrite();
            vercel.cancelDeployment(resource.id());
        }
        attempt.beforeWrite();
        vercel.deleteDeployment(resource.id());
        return Undone.removed();
    }

    private static Optional<Vercel.ListedDeployment> there(Attempt<?> attempt, Vercel vercel, Wanted wanted) {
        return attempt.lookTwice(() -> marked(attempt, vercel, wanted).stream().findFirst());
    }

    /** The mark that it must carry; the release before did not enter it. */
    private static String mark(Effect resource) {
        return resource.mark() == null ? MARK + "=" + resource.key() : resource.mark();
    }

    private static String mark(Vercel.Deployment deployment) {
        return MARK + "=" + deployment.meta().get(MARK);
    }

    private static Optional<String> begun(Attempt<?> attempt) {
        return Optional.ofNullable(attempt.checkpoint().path(DEPLOYMENT).textValue());
    }

    private static List<Vercel.ListedDeployment> marked(Attempt<?> attempt, Vercel vercel, Wanted wanted) {
        var key = attempt.effectKey("deployment");
        var earlier = attempt.previousEffectKeys("deployment");
        return vercel.deploymentsMarked(
                wanted.projectId(),
                meta -> key.equals(meta.get(MARK))
                        || earlier.contains(meta.getOrDefault(MARK, ""))
                                && wanted.source().equals(meta.get(wanted.sourceName())));
    }

    private Outcome<VercelActions.Site> look(
            Attempt<?> attempt, Vercel vercel, Wanted wanted, String id, List<Effect> effects) {
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
                        ? alone(attempt, vercel, wanted, deployment, effects)
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
            Attempt<?> attempt, Vercel vercel, Wanted wanted, Vercel.Deployment deployment, List<Effect> effects) {
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
        for (var second : marked(attempt, vercel, wanted)) {
            if (!second.uid().equals(deployment.id())) {
                attempt.beforeWrite();
                vercel.deleteDeployment(second.uid());
                all.add(effect(vercel, wanted, second.meta().get(MARK), second.uid(), Effect.Verb.REMOVED));
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
        Map<String, String> env;
        try {
            env = attempt.env();
        } catch (ProviderException e) {
            return "The build failed. What it says is not shown: it may have a secret in it that cannot be opened here.";
        }
        // The log is lines, and so is a key in PEM: each of them is kept out.
        var values = env.values().stream()
                .flatMap(value -> Stream.concat(Stream.of(value), value.lines().map(String::strip)))
                .filter(value -> value.length() > 3)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        for (String value : values) {
            text = text.replace(value, "•••");
        }
        return text;
    }

    private static Effect effect(Vercel vercel, Wanted wanted, String key, String id, Effect.Verb verb) {
        return new Effect(
                key,
                "deployment",
                id,
                wanted.projectName(),
                vercel.team(),
                verb,
                MARK + "=" + key,
                verb == Effect.Verb.REMOVED ? null : wanted.settings());
    }

    private static Outcome<VercelActions.Site> refused(String code, String message, List<Effect> effects) {
        return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, code, message), effects);
    }
}
