package io.offshoot.github.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.call.CallTimeout;
import io.offshoot.executorkit.call.Calls;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import jakarta.ws.rs.ext.ContextResolver;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** GitHub as one organisation's credential sees it. Only what is in that organisation is read or changed. */
public final class GitHub {

    /**
     * @param templateRepository what it was generated from; null if from nothing, or not told
     * @param parent what it is a fork of; null if of nothing, or not told
     */
    public record Repository(
            long id,
            String fullName,
            String description,
            String defaultBranch,
            URI htmlUrl,
            Instant createdAt,
            Origin templateRepository,
            Origin parent) {

        public Repository {
            if (id < 1) {
                throw new IllegalArgumentException("a repository has an id");
            }
            Objects.requireNonNull(fullName, "full_name");
            Objects.requireNonNull(htmlUrl, "html_url");
        }
    }

    public record Origin(String fullName) {}

    /** @param message null where it is not told */
    public record Commit(String sha, Tree tree, String message) {

        public Commit {
            Objects.requireNonNull(sha, "sha");
            Objects.requireNonNull(tree, "tree");
        }
    }

    public record Tree(String sha) {

        public Tree {
            Objects.requireNonNull(sha, "sha");
        }
    }

    public record File(String path, String mode, String type, String content) {

        public static File text(String path, String content) {
            return new File(path, "100644", "blob", content);
        }
    }

    record Ref(Target object) {

        record Target(String sha) {

            Target {
                Objects.requireNonNull(sha, "sha");
            }
        }

        Ref {
            Objects.requireNonNull(object, "object");
        }
    }

    record Generation(
            String owner,
            String name,
            String description,
            boolean includeAllBranches,
            @JsonProperty("private") boolean closed) {}

    record ForkDraft(String organization, String name, boolean defaultBranchOnly) {}

    record RepositoryUpdate(String description) {}

    record TreeDraft(String baseTree, List<File> tree) {}

    record CommitDraft(String message, String tree, List<String> parents) {}

    record RefUpdate(String sha, boolean force) {}

    /** Writes requests as answers are read. A class, for its type argument is looked at. */
    static final class Json implements ContextResolver<ObjectMapper> {

        @Override
        public ObjectMapper getContext(Class<?> type) {
            return Client.JSON;
        }
    }

    /** The connection to GitHub that all credentials share. */
    public static final class Client {

        private static final ObjectMapper JSON = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
                .build();

        private final GitHubApi api;
        private final Calls calls;

        public Client(URI url, Duration timeout, Time time) {
            var within = new CallTimeout(timeout);
            this.api = QuarkusRestClientBuilder.newBuilder()
                    .baseUri(url)
                    .connectTimeout(within.connectMillis(), TimeUnit.MILLISECONDS)
                    .readTimeout(within.answerMillis(), TimeUnit.MILLISECONDS)
                    .followRedirects(false)
                    // Statuses get their meaning in GitHubRefusals.
                    .property("microprofile.rest.client.disable.default.mapper", true)
                    .register(new Json())
                    .build(GitHubApi.class);
            this.calls = new Calls("GitHub", JSON, timeout, new GitHubRefusals(time));
        }

        public GitHub as(String organization, String token) {
            return new GitHub(this, organization, "Bearer " + token);
        }
    }

    private final GitHubApi api;
    private final Calls calls;
    private final String organization;
    private final String authorization;

    private GitHub(Client client, String organization, String authorization) {
        this.api = client.api;
        this.calls = client.calls;
        this.organization = organization;
        this.authorization = authorization;
    }

    public String organization() {
        return organization;
    }

    /** The organisation's repository of that name. */
    public Optional<Repository> repository(String name) {
        return found(() -> calls.read(Repository.class, () -> api.repository(authorization, organization, name)));
    }

    /** Makes a public repository from a template. Empty if GitHub does not take it: look whether the name is taken. */
    public Optional<Repository> generate(String template, String name, String description) {
        var upstream = FullName.of(template);
        var generation = new Generation(organization, name, description, false, false);
        try {
            return Optional.of(calls.write(
                    Repository.class, () -> api.generate(authorization, upstream.owner, upstream.name, generation)));
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.UNPROCESSABLE)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Forks, or answers the fork of that upstream that the organisation has already, whatever its name. */
    public Repository fork(String upstreamName, String name) {
        var upstream = FullName.of(upstreamName);
        return calls.write(
                Repository.class,
                () -> api.fork(authorization, upstream.owner, upstream.name, new ForkDraft(organization, name, true)));
    }

    public Repository describe(String name, String description) {
        return calls.write(
                Repository.class,
                () -> api.update(authorization, organization, name, new RepositoryUpdate(description)));
    }

    /** The commit a branch stands at; empty if there is no such branch yet, or nothing at all. */
    public Optional<String> head(String fullName, String branch) {
        var repository = own(fullName);
        return found(() -> calls.read(
                        Ref.class, () -> api.ref(authorization, repository.owner, repository.name, "heads/" + branch))
                .object
                .sha);
    }

    /** Whether a branch has that file. */
    public boolean hasFile(String fullName, String branch, String path) {
        var repository = own(fullName);
        return found(() -> calls.read(
                        JsonNode.class,
                        () -> api.contents(authorization, repository.owner, repository.name, path, branch)))
                .isPresent();
    }

    public Commit commit(String fullName, String sha) {
        var repository = own(fullName);
        return calls.read(Commit.class, () -> api.commit(authorization, repository.owner, repository.name, sha));
    }

    /** A tree like another but for some files. */
    public Tree createTree(String fullName, Tree base, List<File> files) {
        var repository = own(fullName);
        return calls.write(
                Tree.class,
                () -> api.createTree(authorization, repository.owner, repository.name, new TreeDraft(base.sha, files)));
    }

    public Commit createCommit(String fullName, String message, Tree tree, String parent) {
        var repository = own(fullName);
        var draft = new CommitDraft(message, tree.sha, List.of(parent));
        return calls.write(
                Commit.class, () -> api.createCommit(authorization, repository.owner, repository.name, draft));
    }

    /** Moves a branch forward. False if it has moved since: nothing was done. */
    public boolean advance(String fullName, String branch, String sha) {
        var repository = own(fullName);
        try {
            calls.write(
                    Ref.class,
                    () -> api.updateRef(
                            authorization,
                            repository.owner,
                            repository.name,
                            "heads/" + branch,
                            new RefUpdate(sha, false)));
            return true;
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.UNPROCESSABLE) || e.is(GitHubRefusals.CONFLICT)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return "GitHub as " + organization;
    }

    private FullName own(String fullName) {
        var repository = FullName.of(fullName);
        if (!repository.owner.equalsIgnoreCase(organization)) {
            throw new ProviderException(
                    FailureClass.REFUSED,
                    "other-organization",
                    "The repository %s is not in the connection's organisation.".formatted(fullName));
        }
        return repository;
    }

    private static <T> Optional<T> found(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.NOT_FOUND) || e.is(GitHubRefusals.EMPTY)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private record FullName(String owner, String name) {

        static FullName of(String text) {
            var slash = text.indexOf('/');
            return new FullName(text.substring(0, slash), text.substring(slash + 1));
        }
    }
}
