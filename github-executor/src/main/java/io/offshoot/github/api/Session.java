package io.offshoot.github.api;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.call.Calls;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.function.Function;

/**
 * The calls of one attempt, as its connection's credential. A call whose token is not accepted is made once more with
 * a fresh one: the first has done nothing.
 */
final class Session {

    private final GitHubAccountApi api;
    private final Calls calls;
    private final Credential credential;
    private final Runnable beforeWrite;

    /** @param beforeWrite looks at the lease again where a fresh token took time since the action did */
    Session(GitHubAccountApi api, Calls calls, Credential credential, Runnable beforeWrite) {
        this.api = api;
        this.calls = calls;
        this.credential = credential;
        this.beforeWrite = beforeWrite;
    }

    /** The app's installation; empty for a personal token. */
    Optional<GitHub.Installed> installed() {
        return credential.installed();
    }

    /** Reads what may be missing. */
    <T> Optional<T> find(Class<T> answer, Function<String, Response> call) {
        try {
            return Optional.of(authorized(credential.token(), () -> {}, token -> get(answer, call, token)));
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.NOT_FOUND) || e.is(GitHubRefusals.EMPTY)) {
                return Optional.empty();
            }
            throw explained(e);
        }
    }

    /** Reads what may be gone. What the credential may only not cover is not taken for gone. */
    <T> Optional<T> findCovered(Class<T> answer, Function<String, Response> call) {
        try {
            return Optional.of(read(answer, call));
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    <T> T read(Class<T> answer, Function<String, Response> call) {
        try {
            return authorized(credential.token(), () -> {}, token -> get(answer, call, token));
        } catch (ProviderException e) {
            throw explained(e);
        }
    }

    <T> T write(Class<T> answer, Function<String, Response> call) {
        return writing(token -> calls.write(answer, () -> call.apply(token)));
    }

    /** A write that is answered by its status. */
    int write(Function<String, Response> call) {
        return writing(token -> calls.write(() -> call.apply(token)));
    }

    /** A write that takes something away, unless it is gone. */
    void remove(Function<String, Response> call) {
        try {
            unexplained(token -> calls.write(() -> call.apply(token)));
        } catch (ProviderException e) {
            if (!e.is(GitHubRefusals.NOT_FOUND)) {
                throw explained(e);
            }
        }
    }

    private <T> T writing(Function<String, T> call) {
        try {
            return unexplained(call);
        } catch (ProviderException e) {
            throw explained(e);
        }
    }

    private <T> T unexplained(Function<String, T> write) {
        return authorized(
                credential.atHand().orElseGet(() -> {
                    var fetched = credential.token();
                    beforeWrite.run();
                    return fetched;
                }),
                beforeWrite,
                write);
    }

    private <T> T get(Class<T> answer, Function<String, Response> call, String token) {
        return calls.read(answer, () -> call.apply(token));
    }

    private <T> T authorized(String token, Runnable beforeRepeat, Function<String, T> call) {
        try {
            return call.apply("Bearer " + token);
        } catch (ProviderException e) {
            if (!e.is(GitHubRefusals.TOKEN_REFUSED) || !credential.drop(token)) {
                throw e;
            }
        }
        var another = credential.token();
        beforeRepeat.run();
        return call.apply("Bearer " + another);
    }

    private ProviderException explained(ProviderException refusal) {
        return refusal instanceof MovedException moved ? whereTo(moved) : credential.explain(refusal);
    }

    /** Names where the repository is now, if that can be read. Its id is the same under any name. */
    private ProviderException whereTo(MovedException moved) {
        if (moved.repositoryId().isEmpty()) {
            return moved;
        }
        var id = moved.repositoryId().get();
        try {
            var now = authorized(
                    credential.token(),
                    () -> {},
                    token -> get(GitHub.Repository.class, bearer -> api.repository(bearer, id), token));
            return new ProviderException(
                    FailureClass.REFUSED,
                    moved.code(),
                    "The repository was renamed or moved: it is now %s (id %d). Nothing was done to it."
                            .formatted(now.fullName(), now.id()));
        } catch (ProviderException e) {
            return moved;
        }
    }
}
