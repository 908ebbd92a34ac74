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
import io.offshoot.executorkit.lane.Pace;
import io.offshoot.github.sealedbox.SealedBox;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import jakarta.ws.rs.ext.ContextResolver;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** GitHub as one organisation's credential sees it. Only what is in that organisation is read or changed. */
public final class GitHub {

    /** GitHub tells no more at once. */
    private static final int MOST_COMMITS = 100;

    /** GitHub lets a repository have no more. */
    private static final int MOST_SECRETS = 100;

    /**
     * @param templateRepository what it was generated from; null if from nothing, or not told
     * @param parent what it is a fork of; null if of nothing, or not told
     * @param isTemplate null if not told
     * @param allowForking null if not told
     * @param archived whether it can only be read; null if not told
     */
    public record Repository(
            long id,
            String fullName,
            String description,
            String defaultBranch,
            URI htmlUrl,
            Instant createdAt,
            Origin templateRepository,
            Origin parent,
            Boolean isTemplate,
            Boolean allowForking,
            Boolean archived) {

        public Repository {
            if (id < 1) {
                throw new IllegalArgumentException("a repository has an id");
            }
            Objects.requireNonNull(fullName, "full_name");
            Objects.requireNonNull(htmlUrl, "html_url");
        }

        public boolean isArchived() {
            return Boolean.TRUE.equals(archived);
        }

        /** Whether it belongs to that account. */
        public boolean isOf(String account) {
            return FullName.of(fullName).owner.equalsIgnoreCase(account);
        }
    }

    /** @param defaultBranch null if not told */
    public record Origin(String fullName, String defaultBranch) {}

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

        /** Git's name of what is in it. */
        public String blob() {
            var bytes = content.getBytes(StandardCharsets.UTF_8);
            try {
                var sha1 = MessageDigest.getInstance("SHA-1");
                sha1.update("blob %d\0".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII));
                return HexFormat.of().formatHex(sha1.digest(bytes));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("Every Java platform has SHA-1", impossible);
            }
        }
    }

    /**
     * A GitHub App and one of its installations.
     *
     * @param id its client id, or its numeric id
     * @param settings where a person sees to the installation
     * @param lookAfter when to look again whether a person has done so
     * @param onceMissing what a person can do when it is not installed any more; null if only whoever runs us can
     */
    public record App(String id, AppKey key, long installation, URI settings, Duration lookAfter, String onceMissing) {}

    /**
     * An app's installation.
     *
     * @param permissions each with <code>read</code>, <code>write</code> or <code>admin</code>
     * @param coversAll whether repositories that are made later are covered
     * @param settings where a person sees to it
     * @param changedAt when it was installed, or changed last; null if not told
     */
    public record Installed(
            String account, Map<String, String> permissions, boolean coversAll, URI settings, Instant changedAt) {}

    /**
     * @param state <code>open</code> or <code>closed</code>; null if not told
     * @param mergedAt null unless it is merged
     */
    public record PullRequest(long number, URI htmlUrl, String body, String state, Instant mergedAt) {

        public PullRequest {
            if (number < 1) {
                throw new IllegalArgumentException("a pull request has a number");
            }
            Objects.requireNonNull(htmlUrl, "html_url");
        }

        public boolean isOpen() {
            return !"closed".equals(state);
        }
    }

    record PullRequestDraft(String title, String head, String base, String body) {}

    record PullRequestUpdate(String state) {}

    /** @param behindBy null if not told */
    record Comparison(Integer aheadBy, Integer behindBy) {

        Comparison {
            Objects.requireNonNull(aheadBy, "ahead_by");
        }
    }

    record SecretNames(List<Name> secrets) {

        record Name(String name) {}
    }

    record Transfer(String newOwner) {}

    record User(String login) {

        User {
            Objects.requireNonNull(login, "login");
        }
    }

    /** What secrets of a repository are sealed with. */
    public record SecretsKey(String keyId, String key) {

        public SecretsKey {
            Objects.requireNonNull(keyId, "key_id");
            if (Base64.getDecoder().decode(key).length != SealedBox.KEY) {
                throw new IllegalArgumentException("a key has 32 bytes");
            }
        }
    }

    public enum Stored {
        NEW,
        REPLACED,
        /** Sealed with a key that is no longer the repository's, or not wanted at all. */
        NOT_TAKEN
    }

    public record Variable(String name, String value) {

        public Variable {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    record SecretDraft(String encryptedValue, String keyId) {}

    record Topics(List<String> names) {

        Topics {
            names = List.copyOf(names);
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

    /** @param archived null to leave it as it is, as the description */
    record RepositoryUpdate(String description, Boolean archived) {}

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
        private final GitHubAccountApi accountApi;
        private final Calls calls;
        private final Time time;

        public Client(URI url, Duration timeout, Time time) {
            this.api = proxy(GitHubApi.class, url, timeout);
            this.accountApi = proxy(GitHubAccountApi.class, url, timeout);
            this.calls = new Calls("GitHub", JSON, timeout, new GitHubRefusals(time));
            this.time = time;
        }

        /** An organisation as a fine-grained personal token sees it. */
        public Account account(String organization, String token) {
            return account(organization, token, Pace.free(time));
        }

        /** The same, at the pace of that token. */
        public Account account(String organization, String token, Pace pace) {
            return new Account(this, organization, Credential.fixed(token), pace);
        }

        /** An organisation as a GitHub App's installation sees it. */
        public Account account(String organization, App app) {
            return account(organization, app, Pace.free(time));
        }

        /** The same, at the pace of that installation. */
        public Account account(String organization, App app, Pace pace) {
            return new Account(this, organization, new Installation(accountApi, calls, time, app), pace);
        }

        private static <T> T proxy(Class<T> api, URI url, Duration timeout) {
            var within = new CallTimeout(timeout);
            return QuarkusRestClientBuilder.newBuilder()
                    .baseUri(url)
                    .connectTimeout(within.connectMillis(), TimeUnit.MILLISECONDS)
                    .readTimeout(within.answerMillis(), TimeUnit.MILLISECONDS)
                    .followRedirects(false)
                    // Statuses get their meaning in GitHubRefusals.
                    .property("microprofile.rest.client.disable.default.mapper", true)
                    .register(new Json())
                    .build(api);
        }
    }

    /** An organisation and a credential for it, shared by all attempts that may use it. */
    public record Account(Client client, String organization, Credential credential, Pace pace) {

        /** GitHub for one attempt. What looks at its lease is asked again where getting a token took time. */
        public GitHub during(Runnable beforeWrite) {
            return new GitHub(this, beforeWrite);
        }

        @Override
        public String toString() {
            return "the account " + organization;
        }
    }

    private final GitHubApi api;
    private final GitHubAccountApi accountApi;
    private final Session session;
    private final String organization;

    private GitHub(Account account, Runnable beforeWrite) {
        var client = account.client;
        this.api = client.api;
        this.accountApi = client.accountApi;
        this.session = new Session(
                client.accountApi, client.calls.at(account.pace, beforeWrite), account.credential, beforeWrite);
        this.organization = account.organization;
    }

    public String organization() {
        return organization;
    }

    /** The app's installation; empty for a personal token. Fails if the credential is of no use. */
    public Optional<Installed> installed() {
        return session.installed();
    }

    /** Whom a personal token stands for. Fails if it is of no use. */
    public String user() {
        return session.read(User.class, bearer -> accountApi.user(bearer)).login;
    }

    /** Whether there is such an organisation for this credential. */
    public boolean isOrganizationVisible() {
        return session.find(JsonNode.class, bearer -> accountApi.repositoriesOf(bearer, organization, 1))
                .isPresent();
    }

    /** Anybody's repository, if the credential may see it. */
    public Optional<Repository> upstream(String fullName) {
        var upstream = FullName.of(fullName);
        return session.find(Repository.class, bearer -> api.repository(bearer, upstream.owner, upstream.name));
    }

    /**
     * How many commits another's branch has that a branch has not; empty if the two have no history in common.
     *
     * @param head owner and branch, as in <code>offshoot:main</code>
     */
    public Optional<Integer> ahead(String fullName, String base, String head) {
        var repository = own(fullName);
        // Only the first page would hold all that differs.
        return session.find(
                        Comparison.class,
                        bearer -> api.compare(bearer, repository.owner, repository.name, base + "..." + head, 2, 1))
                .map(Comparison::aheadBy);
    }

    /** Whether a branch has a commit; false too if there is no such branch, commit or repository. */
    public boolean contains(String fullName, String branch, String sha) {
        var repository = own(fullName);
        return session.find(
                        Comparison.class,
                        bearer -> api.compare(bearer, repository.owner, repository.name, sha + "..." + branch, 2, 1))
                .filter(comparison -> Integer.valueOf(0).equals(comparison.behindBy))
                .isPresent();
    }

    /** How many commits anybody's repository got on its default branch since then: a hundred stands for more. */
    public int commitsSince(String fullName, Instant since) {
        var upstream = FullName.of(fullName);
        return session.find(
                        JsonNode[].class,
                        bearer -> api.commits(bearer, upstream.owner, upstream.name, since.toString(), MOST_COMMITS))
                .map(commits -> commits.length)
                .orElse(0);
    }

    /** The pull request of that number, open or not. */
    public Optional<PullRequest> pullRequest(String fullName, long number) {
        var repository = own(fullName);
        return session.find(
                PullRequest.class, bearer -> api.pullRequest(bearer, repository.owner, repository.name, number));
    }

    /** Closes a pull request without merging it. */
    public void closePullRequest(String fullName, long number) {
        var repository = own(fullName);
        session.write(
                PullRequest.class,
                bearer -> api.updatePullRequest(
                        bearer, repository.owner, repository.name, number, new PullRequestUpdate("closed")));
    }

    /** The open pull request from there to a branch: GitHub allows one. */
    public Optional<PullRequest> pullRequest(String fullName, String base, String head) {
        var repository = own(fullName);
        var open = session.read(
                PullRequest[].class,
                bearer -> api.pullRequests(bearer, repository.owner, repository.name, "open", head, base));
        return Arrays.stream(open).findFirst();
    }

    /** Opens a pull request. Empty if GitHub does not take it: look whether there is one. */
    public Optional<PullRequest> createPullRequest(
            String fullName, String base, String head, String title, String body) {
        var repository = own(fullName);
        var draft = new PullRequestDraft(title, head, base, body);
        try {
            return Optional.of(session.write(
                    PullRequest.class,
                    bearer -> api.createPullRequest(bearer, repository.owner, repository.name, draft)));
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.UNPROCESSABLE)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The organisation's repository of that name. */
    public Optional<Repository> repository(String name) {
        return session.find(Repository.class, bearer -> api.repository(bearer, organization, name));
    }

    /** Makes a public repository from a template. Empty if GitHub does not take it: look whether the name is taken. */
    public Optional<Repository> generate(String template, String name, String description) {
        var upstream = FullName.of(template);
        var generation = new Generation(organization, name, description, false, false);
        try {
            return Optional.of(session.write(
                    Repository.class, bearer -> api.generate(bearer, upstream.owner, upstream.name, generation)));
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
        return session.write(
                Repository.class,
                bearer -> api.fork(bearer, upstream.owner, upstream.name, new ForkDraft(organization, name, true)));
    }

    public Repository describe(String name, String description) {
        return session.write(
                Repository.class,
                bearer -> api.update(bearer, organization, name, new RepositoryUpdate(description, null)));
    }

    /**
     * A repository under whatever name and owner it has now; empty if there is none that the credential may see.
     *
     * @throws ProviderException also if it may be only that the credential does not cover it
     */
    public Optional<Repository> repository(long id) {
        return session.findCovered(Repository.class, bearer -> accountApi.repository(bearer, id));
    }

    /** Whether somebody's repository has that name now, as far as the credential may see. */
    public boolean isTaken(String fullName) {
        try {
            return upstream(fullName).isPresent();
        } catch (ProviderException e) {
            if (e.is(MovedException.CODE)) {
                // Only a former name: it is free for another.
                return false;
            }
            throw e;
        }
    }

    /** Lets a repository only be read, or be written to again. */
    public Repository archive(String fullName, boolean archived) {
        var repository = own(fullName);
        return session.write(
                Repository.class,
                bearer -> api.update(bearer, repository.owner, repository.name, new RepositoryUpdate(null, archived)));
    }

    /** Deletes a repository, or finds it gone. False if the organisation does not let it be deleted. */
    public boolean delete(String fullName) {
        var repository = own(fullName);
        try {
            session.remove(bearer -> api.delete(bearer, repository.owner, repository.name));
            return true;
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.FORBIDDEN)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Offers a repository to another owner, or gives it to one who need not be asked: that goes on after the answer.
     *
     * @return empty if GitHub takes it, otherwise what it says
     */
    public Optional<String> transfer(String fullName, String newOwner) {
        var repository = own(fullName);
        try {
            session.write(
                    JsonNode.class,
                    bearer -> api.transfer(bearer, repository.owner, repository.name, new Transfer(newOwner)));
            return Optional.empty();
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.UNPROCESSABLE)) {
                return Optional.of(e.getMessage());
            }
            throw e;
        }
    }

    /**
     * The repository that is meant. Its name alone does not tell: it may have been given to another.
     *
     * @throws ProviderException if the name is another repository's by now, or nobody's
     */
    public Repository repository(String fullName, long id) {
        var named = own(fullName);
        var there = session.read(Repository.class, bearer -> api.repository(bearer, named.owner, named.name));
        if (there.id != id) {
            throw new ProviderException(
                    FailureClass.REFUSED,
                    "other-repository",
                    "The name %s belongs to another repository now (id %d, not %d). Nothing was done to it."
                            .formatted(fullName, there.id, id));
        }
        return there;
    }

    public List<String> topics(String fullName) {
        var repository = own(fullName);
        return session.read(Topics.class, bearer -> api.topics(bearer, repository.owner, repository.name)).names;
    }

    /** Gives it these topics and no others. */
    public void replaceTopics(String fullName, List<String> topics) {
        var repository = own(fullName);
        session.write(
                Topics.class,
                bearer -> api.replaceTopics(bearer, repository.owner, repository.name, new Topics(topics)));
    }

    public SecretsKey secretsKey(String fullName) {
        var repository = own(fullName);
        return session.read(SecretsKey.class, bearer -> api.secretsKey(bearer, repository.owner, repository.name));
    }

    /** Stores a secret, sealed for the repository: it cannot be read again by anybody but its workflows. */
    public Stored putSecret(String fullName, SecretsKey key, String name, String value) {
        var repository = own(fullName);
        var box = SealedBox.seal(
                value.getBytes(StandardCharsets.UTF_8), Base64.getDecoder().decode(key.key));
        var draft = new SecretDraft(Base64.getEncoder().encodeToString(box), key.keyId);
        try {
            var status = session.write(bearer -> api.putSecret(bearer, repository.owner, repository.name, name, draft));
            return status == 201 ? Stored.NEW : Stored.REPLACED;
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.UNPROCESSABLE)) {
                return Stored.NOT_TAKEN;
            }
            throw GitHubRefusals.unquoted(e, "the secret " + name);
        }
    }

    /** The names of the secrets: of nothing else does GitHub tell. */
    public Set<String> secretNames(String fullName) {
        var repository = own(fullName);
        return session
                .read(SecretNames.class, bearer -> api.secrets(bearer, repository.owner, repository.name, MOST_SECRETS))
                .secrets
                .stream()
                .map(SecretNames.Name::name)
                .collect(Collectors.toSet());
    }

    /** Takes a secret away, or finds it gone. */
    public void deleteSecret(String fullName, String name) {
        var repository = own(fullName);
        session.remove(bearer -> api.deleteSecret(bearer, repository.owner, repository.name, name));
    }

    /** Takes a variable away, or finds it gone. */
    public void deleteVariable(String fullName, String name) {
        var repository = own(fullName);
        session.remove(bearer -> api.deleteVariable(bearer, repository.owner, repository.name, name));
    }

    /** The value of a variable; empty if there is none of that name. */
    public Optional<String> variable(String fullName, String name) {
        var repository = own(fullName);
        return session.find(Variable.class, bearer -> api.variable(bearer, repository.owner, repository.name, name))
                .map(Variable::value);
    }

    /** Makes a variable. False if there is one of that name: nothing was done. */
    public boolean createVariable(String fullName, Variable variable) {
        var repository = own(fullName);
        try {
            session.write(bearer -> api.createVariable(bearer, repository.owner, repository.name, variable));
            return true;
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.CONFLICT)) {
                return false;
            }
            throw GitHubRefusals.unquoted(e, "the variable " + variable.name);
        }
    }

    public void updateVariable(String fullName, Variable variable) {
        var repository = own(fullName);
        try {
            session.write(
                    bearer -> api.updateVariable(bearer, repository.owner, repository.name, variable.name, variable));
        } catch (ProviderException e) {
            throw GitHubRefusals.unquoted(e, "the variable " + variable.name);
        }
    }

    /** The commit a branch stands at; empty if there is no such branch yet, or nothing at all. */
    public Optional<String> head(String fullName, String branch) {
        var repository = own(fullName);
        return session.find(Ref.class, bearer -> api.ref(bearer, repository.owner, repository.name, "heads/" + branch))
                .map(ref -> ref.object.sha);
    }

    /** Whether a branch has that file. */
    public boolean hasFile(String fullName, String branch, String path) {
        return contents(fullName, branch, path).isPresent();
    }

    /** Git's name of what is in a file; empty if the branch has no such file. */
    public Optional<String> blob(String fullName, String branch, String path) {
        return contents(fullName, branch, path)
                .map(file -> file.path("sha").asText(""))
                .filter(sha -> !sha.isEmpty());
    }

    private Optional<JsonNode> contents(String fullName, String branch, String path) {
        var repository = own(fullName);
        return session.find(
                JsonNode.class, bearer -> api.contents(bearer, repository.owner, repository.name, path, branch));
    }

    public Commit commit(String fullName, String sha) {
        var repository = own(fullName);
        return session.read(Commit.class, bearer -> api.commit(bearer, repository.owner, repository.name, sha));
    }

    /** A tree like another but for some files. */
    public Tree createTree(String fullName, Tree base, List<File> files) {
        var repository = own(fullName);
        return session.write(
                Tree.class,
                bearer -> api.createTree(bearer, repository.owner, repository.name, new TreeDraft(base.sha, files)));
    }

    public Commit createCommit(String fullName, String message, Tree tree, String parent) {
        var repository = own(fullName);
        var draft = new CommitDraft(message, tree.sha, List.of(parent));
        return session.write(
                Commit.class, bearer -> api.createCommit(bearer, repository.owner, repository.name, draft));
    }

    /** Moves a branch forward. False if it has moved since: nothing was done. */
    public boolean advance(String fullName, String branch, String sha) {
        var repository = own(fullName);
        try {
            session.write(
                    Ref.class,
                    bearer -> api.updateRef(
                            bearer, repository.owner, repository.name, "heads/" + branch, new RefUpdate(sha, false)));
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

    private record FullName(String owner, String name) {

        static FullName of(String text) {
            var slash = text.indexOf('/');
            return new FullName(text.substring(0, slash), text.substring(slash + 1));
        }
    }
}
