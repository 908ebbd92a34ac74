package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.Right;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.api.GitHub;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Sets variables of the app's repository for GitHub Actions.
 *
 * <p>Idempotent by the value: a variable that has it already is left as it is. One that appears between the look and
 * the making is given its value.
 */
@ApplicationScoped
class SetVariables implements ActionHandler<GitHubActions.SetVariables, GitHubActions.Variables> {

    /** How a variable is, beside how it is wanted. */
    private enum Now {
        MISSING,
        OTHERWISE,
        SO
    }

    private final GitHubConnections connections;

    SetVariables(GitHubConnections connections) {
        this.connections = connections;
    }

    @Override
    public Action<GitHubActions.SetVariables, GitHubActions.Variables> action() {
        return GitHubActions.SET_VARIABLES;
    }

    @Override
    public Outcome<GitHubActions.Variables> run(Attempt<GitHubActions.SetVariables> attempt) {
        var github = connections.of(attempt);
        var input = attempt.input();
        github.repository(input.repository(), input.repositoryId());
        var variables = new TreeMap<>(input.variables());
        var effects = new ArrayList<Effect>();
        variables.forEach((name, value) -> {
            var verb = set(attempt, github, new GitHub.Variable(name, value));
            effects.add(new Effect(
                    attempt.effectKey("variable/" + name),
                    "variable",
                    name,
                    input.repository(),
                    github.organization(),
                    verb));
        });
        return new Outcome.Done<>(new GitHubActions.Variables(List.copyOf(variables.keySet())), effects);
    }

    @Override
    public Finding plan(Attempt<GitHubActions.SetVariables> attempt) {
        var input = attempt.input();
        var names = new TreeSet<>(input.variables().keySet());
        var message = "Sets " + String.join(", ", names) + ".";
        if (!attempt.knows("repository", "repositoryId")) {
            return Finding.of(Finding.Kind.CREATE, "variable", null, null, message)
                    .taking(1 + names.size(), names.size());
        }
        var github = connections.of(attempt);
        var lacking = Rights.lacking(github, Right.VARIABLES);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        github.repository(input.repository(), input.repositoryId());
        var changes = new ArrayList<Finding.Change>();
        var isAnyThere = false;
        for (String name : names) {
            var now = look(
                    github,
                    input.repository(),
                    new GitHub.Variable(name, input.variables().get(name)));
            isAnyThere |= now != Now.MISSING;
            if (now != Now.SO || !attempt.knows("variables")) {
                changes.add(new Finding.Change("/variables/" + name, null, null));
            }
        }
        var kind = isAnyThere ? Finding.Kind.CHANGE : Finding.Kind.CREATE;
        return changes.isEmpty()
                ? Finding.of(
                                Finding.Kind.LEAVE,
                                "variable",
                                null,
                                input.repository(),
                                "All variables have their values.")
                        .taking(1 + names.size(), 0)
                : Finding.of(kind, "variable", null, input.repository(), message, changes)
                        .taking(1 + names.size(), changes.size());
    }

    @Override
    public Finding observe(Attempt<GitHubActions.SetVariables> attempt, Effect resource) {
        var github = connections.of(attempt);
        var input = attempt.input();
        var wanted = input.variables().getOrDefault(resource.id(), "");
        return InRepository.observe(attempt, github, input.repository(), input.repositoryId(), () -> switch (look(
                github, input.repository(), new GitHub.Variable(resource.id(), wanted))) {
            case SO -> Finding.of(Finding.Kind.SAME, "The variable has its value.");
            case MISSING -> Finding.of(Finding.Kind.MISSING, "The variable is not there any more.");
            case OTHERWISE ->
                attempt.knows("variables")
                        ? Finding.of(
                                Finding.Kind.CHANGED,
                                null,
                                null,
                                null,
                                "Somebody gave the variable another value.",
                                List.of(new Finding.Change("/variables/" + resource.id(), null, null)))
                        : Finding.of(Finding.Kind.SAME, "The variable is there.");
        });
    }

    @Override
    public Undone undo(Attempt<GitHubActions.SetVariables> attempt, Effect resource, Removal how) {
        var github = connections.of(attempt);
        return InRepository.undo(attempt, github, resource, attempt.input().repositoryId(), there -> {
            attempt.beforeWrite();
            github.deleteVariable(there.fullName(), resource.id());
            return Undone.removed();
        });
    }

    /** One that was there cannot be known to be ours. */
    private static Effect.Verb set(
            Attempt<GitHubActions.SetVariables> attempt, GitHub github, GitHub.Variable variable) {
        var repository = attempt.input().repository();
        var now = look(github, repository, variable);
        if (now == Now.SO) {
            return Effect.Verb.OBSERVED;
        }
        if (now == Now.MISSING) {
            attempt.beforeWrite();
            if (github.createVariable(repository, variable)) {
                return Effect.Verb.CREATED;
            }
        }
        attempt.beforeWrite();
        github.updateVariable(repository, variable);
        return Effect.Verb.OBSERVED;
    }

    private static Now look(GitHub github, String repository, GitHub.Variable wanted) {
        return github.variable(repository, wanted.name())
                .map(value -> value.equals(wanted.value()) ? Now.SO : Now.OTHERWISE)
                .orElse(Now.MISSING);
    }
}
