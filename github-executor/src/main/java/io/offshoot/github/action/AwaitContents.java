package io.offshoot.github.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.connection.GitHubConfig;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Waits until a repository's contents have arrived, one look at a time. Reads come from replicas that may lag, so it
 * is done only when two looks saw the same head. It only reads: any number of deliveries changes nothing.
 */
@ApplicationScoped
class AwaitContents implements ActionHandler<GitHubActions.AwaitContents, GitHubActions.Contents> {

    private static final String HEAD = "headSha";

    /** The head and the file, twice: more if the contents take longer. */
    private static final int READS = 4;

    private final GitHubConnections connections;
    private final GitHubConfig config;

    AwaitContents(GitHubConnections connections, GitHubConfig config) {
        this.connections = connections;
        this.config = config;
    }

    @Override
    public Action<GitHubActions.AwaitContents, GitHubActions.Contents> action() {
        return GitHubActions.AWAIT_CONTENTS;
    }

    @Override
    public Outcome<GitHubActions.Contents> run(Attempt<GitHubActions.AwaitContents> attempt) {
        var github = connections.of(attempt);
        var input = attempt.input();
        var head = github.head(input.repository(), input.branch());
        if (head.isEmpty() || !github.hasFile(input.repository(), input.branch(), input.sentinel())) {
            return lookAgain(null);
        }
        if (!head.get().equals(attempt.checkpoint().path(HEAD).asText())) {
            return lookAgain(JsonNodeFactory.instance.objectNode().put(HEAD, head.get()));
        }
        return new Outcome.Done<>(new GitHubActions.Contents(head.get()), List.of());
    }

    /** Where they come to is not looked at: a repository that is made now is empty, and has them some time later. */
    @Override
    public Finding plan(Attempt<GitHubActions.AwaitContents> attempt) {
        return Finding.of(Finding.Kind.LEAVE, "Waits until the contents have arrived.")
                .taking(READS, 0);
    }

    @Override
    public Finding observe(Attempt<GitHubActions.AwaitContents> attempt, Effect resource) {
        return Nothing.toObserve();
    }

    @Override
    public Undone undo(Attempt<GitHubActions.AwaitContents> attempt, Effect resource, Removal how) {
        return Nothing.toUndo();
    }

    private Outcome<GitHubActions.Contents> lookAgain(JsonNode checkpoint) {
        return new Outcome.Waiting<>(config.lookAfter(), checkpoint, null, List.of());
    }
}
