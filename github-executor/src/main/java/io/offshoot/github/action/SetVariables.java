package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.github.api.GitHub;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Sets variables of the app's repository for GitHub Actions.
 *
 * <p>Idempotent by the value: a variable that has it already is left as it is. One that appears between the look and
 * the making is given its value.
 */
@ApplicationScoped
class SetVariables implements ActionHandler<GitHubActions.SetVariables, GitHubActions.Variables> {

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

    /** One that was there cannot be known to be ours. */
    private static Effect.Verb set(
            Attempt<GitHubActions.SetVariables> attempt, GitHub github, GitHub.Variable variable) {
        var repository = attempt.input().repository();
        var there = github.variable(repository, variable.name());
        if (there.filter(variable.value()::equals).isPresent()) {
            return Effect.Verb.OBSERVED;
        }
        if (there.isEmpty()) {
            attempt.beforeWrite();
            if (github.createVariable(repository, variable)) {
                return Effect.Verb.CREATED;
            }
        }
        attempt.beforeWrite();
        github.updateVariable(repository, variable);
        return Effect.Verb.OBSERVED;
    }
}
