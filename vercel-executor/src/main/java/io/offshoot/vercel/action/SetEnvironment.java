package io.offshoot.vercel.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.FixedBy;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.contracts.vercel.VercelActions.Target;
import io.offshoot.contracts.vercel.VercelActions.VariableType;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sets the app's environment variables on its project.
 *
 * <p>Idempotent: each variable is set or replaced, never added a second time. Names may be shown and values never:
 * what Vercel says about a variable is not handed on, for it may quote the value. They carry no mark; that of the
 * project is the proof.
 */
@ApplicationScoped
class SetEnvironment implements ActionHandler<VercelActions.SetEnvironment, VercelActions.Environment> {

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
        var wanted = wanted(attempt, attempt.env());
        if (wanted.isEmpty()) {
            return new Outcome.Done<>(new VercelActions.Environment(List.of()), List.of());
        }
        var refusal = refusal(attempt);
        if (refusal.isPresent()) {
            return new Outcome.Failed<>(refusal.get(), List.of());
        }
        var project = attempt.input().projectId();
        var names = List.copyOf(wanted.keySet());
        attempt.beforeWrite();
        List<String> notTaken;
        try {
            notTaken = vercel.setVariables(project, List.copyOf(wanted.values()));
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
                settings(attempt, project));
        return new Outcome.Done<>(new VercelActions.Environment(names), List.of(effect));
    }

    /** A run sets every variable, whatever is there; this tells for which of them that changes something. */
    @Override
    public Finding plan(Attempt<VercelActions.SetEnvironment> attempt) {
        var wanted = wanted(attempt, attempt.env());
        if (wanted.isEmpty()) {
            return Finding.of(Finding.Kind.LEAVE, "There are no environment variables to set.");
        }
        var refusal = refusal(attempt);
        if (refusal.isPresent()) {
            return Finding.blocked(refusal.get().code(), refusal.get().message(), FixedBy.HUB, null);
        }
        var names = String.join(", ", wanted.keySet());
        if (!attempt.knows("projectId")) {
            return of(Finding.Kind.CREATE, null, "These are set: " + names, new Changes());
        }
        var project = attempt.input().projectId();
        var there = connections.of(attempt).variables(project);
        if (there.isEmpty()) {
            return Finding.blocked("project-gone", "The project %s is not there.".formatted(project), FixedBy.HUB, null)
                    .taking(0, 1);
        }
        var changes = new Changes();
        for (Vercel.Variable variable : wanted.values()) {
            if (!isSet(there.get(), variable)) {
                changes.note("/variables/" + variable.key());
            }
        }
        if (changes.isEmpty()) {
            return of(Finding.Kind.LEAVE, project, "All are set already, as far as they can be read.", changes);
        }
        var isAnyThere = there.get().stream()
                .anyMatch(one -> wanted.containsKey(one.key()) && isFor(one, wanted.get(one.key())));
        return isAnyThere
                ? of(Finding.Kind.CHANGE, project, "Some are missing, or have another value or type.", changes)
                : of(Finding.Kind.CREATE, project, "These are set: " + names, changes);
    }

    /** Compares names and targets. The ledger has no values, so it cannot tell whether one was changed. */
    @Override
    public Finding observe(Attempt<VercelActions.SetEnvironment> attempt, Effect resource) {
        var vercel = connections.of(attempt);
        var unseen = Effects.unseen(vercel, resource);
        if (unseen.isPresent()) {
            return unseen.get();
        }
        var there = vercel.variables(resource.id());
        if (there.isEmpty()) {
            return Finding.of(Finding.Kind.MISSING, "The project is not there any more, and so they are not.");
        }
        var changes = new Changes();
        var found = 0;
        for (Vercel.Variable variable : wanted(attempt).values()) {
            var named = there.get().stream()
                    .filter(one -> variable.key().equals(one.key()))
                    .toList();
            found += named.isEmpty() ? 0 : 1;
            if (named.stream().noneMatch(one -> isFor(one, variable))) {
                changes.compare("/variables/" + variable.key(), text(variable.target()), targetsOf(named));
            }
        }
        if (found == 0) {
            return Finding.of(Finding.Kind.MISSING, "None of the variables is set any more.");
        }
        if (!changes.isEmpty()) {
            return seen(Finding.Kind.CHANGED, resource.id(), "Some are missing, or are for other targets.", changes);
        }
        return settings(attempt, resource.id()).equals(resource.settings())
                ? seen(Finding.Kind.SAME, resource.id(), "All are set.", changes)
                : seen(Finding.Kind.CHANGED, resource.id(), "They are not those that were last set.", changes);
    }

    /** Takes away the variables of these names and targets, and no others, while the project carries our mark. */
    @Override
    public Undone undo(Attempt<VercelActions.SetEnvironment> attempt, Effect resource, Removal how) {
        var vercel = connections.of(attempt);
        var elsewhere = Effects.untouched(vercel, resource);
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        var there = vercel.variables(resource.id());
        if (there.isEmpty()) {
            return Undone.removed();
        }
        if (!ProjectMark.isAmong(there.get())) {
            return Undone.left("The project does not carry our mark any more, and they are in it.");
        }
        var wanted = wanted(attempt);
        for (Vercel.SetVariable variable : there.get()) {
            var ours = wanted.get(variable.key());
            if (ours != null && isFor(variable, ours) && !ProjectMark.NAME.equals(variable.key())) {
                attempt.beforeWrite();
                vercel.deleteVariable(resource.id(), variable.id());
            }
        }
        return Undone.removed();
    }

    /** By name, in alphabetical order. */
    private static SortedMap<String, Vercel.Variable> wanted(
            Attempt<VercelActions.SetEnvironment> attempt, Map<String, String> env) {
        var input = attempt.input();
        var targets = input.targets().stream().map(SetEnvironment::name).toList();
        var wanted = new TreeMap<String, Vercel.Variable>();
        env.forEach(
                (key, value) -> wanted.put(key, new Vercel.Variable(key, value, name(type(attempt, key)), targets)));
        return wanted;
    }

    /** The same without the values, where only the names count: no secret is opened for that. */
    private static SortedMap<String, Vercel.Variable> wanted(Attempt<VercelActions.SetEnvironment> attempt) {
        var names = new TreeMap<String, String>();
        attempt.envNames().forEach(name -> names.put(name, ""));
        return wanted(attempt, names);
    }

    /** What is secret here is never plain there: as closed as Vercel keeps it for these targets. */
    private static VariableType type(Attempt<VercelActions.SetEnvironment> attempt, String key) {
        var input = attempt.input();
        if (!attempt.secretNames().contains(key) || input.typeOf(key) != VariableType.PLAIN) {
            return input.typeOf(key);
        }
        return input.targets().contains(Target.DEVELOPMENT) ? VariableType.ENCRYPTED : VariableType.SENSITIVE;
    }

    /** What Vercel would refuse in any case, or what would undo our own mark. */
    private static Optional<Failure> refusal(Attempt<VercelActions.SetEnvironment> attempt) {
        var input = attempt.input();
        var names = attempt.envNames();
        if (names.contains(ProjectMark.NAME)) {
            return Optional.of(new Failure(
                    FailureClass.REFUSED,
                    "reserved-name",
                    "No variable can be called %s: that is the mark of the project.".formatted(ProjectMark.NAME)));
        }
        var sensitive = names.stream()
                .filter(name -> input.typeOf(name) == VariableType.SENSITIVE)
                .sorted()
                .toList();
        return sensitive.isEmpty() || !input.targets().contains(Target.DEVELOPMENT)
                ? Optional.empty()
                : Optional.of(new Failure(
                        FailureClass.REFUSED,
                        "sensitive-in-development",
                        "Vercel takes no sensitive variable for development: " + String.join(", ", sensitive)));
    }

    /** Whether setting it changes nothing that can be read: the value of a plain variable, the type of any other. */
    private static boolean isSet(List<Vercel.SetVariable> there, Vercel.Variable wanted) {
        return there.stream()
                .anyMatch(one -> wanted.key().equals(one.key())
                        && isFor(one, wanted)
                        && wanted.type().equals(one.type())
                        && (!wanted.type().equals("plain") || wanted.value().equals(one.value())));
    }

    private static boolean isFor(Vercel.SetVariable there, Vercel.Variable wanted) {
        return there.gitBranch() == null && Set.copyOf(there.target()).equals(Set.copyOf(wanted.target()));
    }

    private static String text(Collection<String> targets) {
        return targets.stream().sorted().distinct().collect(Collectors.joining(", "));
    }

    private static String targetsOf(List<Vercel.SetVariable> variables) {
        return variables.isEmpty()
                ? null
                : text(variables.stream().flatMap(one -> one.target().stream()).collect(Collectors.toSet()));
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Finding of(Finding.Kind kind, String project, String message, Changes changes) {
        return seen(kind, project, message, changes).taking(0, 1);
    }

    private static Finding seen(Finding.Kind kind, String project, String message, Changes changes) {
        return Finding.of(kind, "environment", project, null, message, changes.list());
    }

    private static String settings(Attempt<VercelActions.SetEnvironment> attempt, String project) {
        var wanted = wanted(attempt);
        var settings = new TreeMap<String, Object>(Map.of(
                "projectId",
                project,
                "names",
                wanted.keySet(),
                "targets",
                attempt.input().targets().stream().map(SetEnvironment::name).toList()));
        if (!attempt.input().types().isEmpty()) {
            settings.put("types", attempt.input().types());
        }
        return SettingsDigest.of(settings);
    }
}
