package io.offshoot.vercel.api;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.call.CallTimeout;
import io.offshoot.executorkit.call.Calls;
import io.offshoot.executorkit.lane.Pace;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import jakarta.ws.rs.ext.ContextResolver;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Vercel as one team's credential sees it. */
public final class Vercel {

    private static final int PAGE = 100;

    /** A project of ours has few deployments; this only bounds what an answer can make us do. */
    private static final int MOST_PAGES = 10;

    private static final String PRODUCTION = "production";

    private static final Set<String> READ_ONLY_ROLES = Set.of("VIEWER", "VIEWER_FOR_PLUS", "BILLING");

    /**
     * @param link the repository it is built from; null if none
     * @param targets what is served now, by the name of the target
     */
    public record Project(String id, String name, Link link, Map<String, Served> targets) {

        /** @param org the owner's name, and repo the repository's, as Vercel knows them */
        public record Link(String type, String org, String repo, Long repoId) {

            public String fullName() {
                return org + "/" + repo;
            }
        }

        public record Served(String id) {}

        public Project {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(name, "name");
        }

        public boolean isLinkedTo(long repositoryId) {
            return link != null && link.repoId() != null && link.repoId() == repositoryId;
        }

        /** The id of the deployment that its addresses lead to; empty if there is none. */
        public Optional<String> served() {
            return Optional.ofNullable(targets).map(all -> all.get(PRODUCTION)).map(Served::id);
        }
    }

    /**
     * Whose token it is.
     *
     * @param softBlock why Vercel has stopped the account; null if it has not
     */
    public record User(String username, Block softBlock) {

        public record Block(String reason) {}
    }

    /** @param membership the token's owner's; null if Vercel does not tell */
    public record Team(String id, String slug, String name, Membership membership, Resources resourceConfig) {

        public record Membership(String role) {}

        public record Resources(Integer concurrentBuilds) {}

        public Team {
            Objects.requireNonNull(id, "id");
        }

        public String role() {
            return membership == null ? null : membership.role();
        }

        /** Whether the token's owner may make nothing there. */
        public boolean isReadOnly() {
            return role() != null && READ_ONLY_ROLES.contains(role());
        }

        public Integer concurrentBuilds() {
            return resourceConfig == null ? null : resourceConfig.concurrentBuilds();
        }

        public String shownName() {
            return name != null ? name : slug != null ? slug : id;
        }
    }

    /** A file as a deployment names it. */
    public record NewFile(String path, byte[] bytes, String sha1) {

        public static NewFile of(String path, String text) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            try {
                var digest = MessageDigest.getInstance("SHA-1").digest(bytes);
                return new NewFile(path, bytes, HexFormat.of().formatHex(digest));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("Every Java platform has SHA-1", impossible);
            }
        }
    }

    public record Variable(String key, String value, String type, List<String> target) {

        public static Variable plain(String key, String value, String... target) {
            return new Variable(key, value, "plain", List.of(target));
        }
    }

    /**
     * A variable as a project has it.
     *
     * @param value as it is only if the type is <code>plain</code>
     * @param gitBranch the only branch it is for; null if it is for all
     */
    public record SetVariable(
            String id,
            String key,
            String value,
            String type,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            List<String> target,

            String gitBranch) {

        public SetVariable {
            target = target == null ? List.of() : List.copyOf(target);
        }
    }

    public enum State {
        QUEUED,
        INITIALIZING,
        BUILDING,
        /** One that Vercel has added since: not over yet, as far as we know. */
        @JsonEnumDefaultValue
        UNKNOWN,
        READY,
        ERROR,
        CANCELED,
        DELETED;

        /** Whether it is being built, as far as we know, and can be stopped. */
        public boolean isGoingOn() {
            return switch (this) {
                case QUEUED, INITIALIZING, BUILDING, UNKNOWN -> true;
                case READY, ERROR, CANCELED, DELETED -> false;
            };
        }

        /** Whether nothing will be served, now or ever. */
        public boolean isFailed() {
            return switch (this) {
                case ERROR, CANCELED, DELETED -> true;
                case QUEUED, INITIALIZING, BUILDING, UNKNOWN, READY -> false;
            };
        }
    }

    /** One of a list. */
    public record ListedDeployment(String uid, State readyState, State state, Map<String, String> meta, long created) {

        public ListedDeployment {
            Objects.requireNonNull(uid, "uid");
            meta = meta == null ? Map.of() : meta;
        }

        /** Lists name it one way or the other. */
        public boolean isFailed() {
            var told = readyState == null ? state : readyState;
            return told != null && told.isFailed();
        }
    }

    /**
     * @param alias the host names it serves; null while there is none
     * @param aliasAssigned true, or the time it was
     */
    public record Deployment(
            String id,
            State readyState,
            List<String> alias,
            JsonNode aliasAssigned,
            Problem aliasError,
            String checksConclusion,
            String errorMessage,
            Map<String, String> meta,
            String projectId,
            long createdAt) {

        public Deployment {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(readyState, "readyState");
            meta = meta == null ? Map.of() : meta;
            alias = alias == null ? List.of() : List.copyOf(alias);
        }

        public boolean isAliasAssigned() {
            return aliasAssigned != null && (aliasAssigned.asBoolean() || aliasAssigned.asLong() > 0);
        }
    }

    public record Problem(String code, String message) {}

    /**
     * @param redirect where its visitors are sent; null if it shows the site
     * @param verification what is missing; null if nothing is
     */
    public record Domain(
            String name,
            String apexName,
            String projectId,
            String redirect,
            boolean verified,
            List<Challenge> verification) {

        public record Challenge(String type, String domain, String value) {}

        public Domain {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(projectId, "projectId");
            verification = verification == null ? List.of() : List.copyOf(verification);
        }

        public boolean isApex() {
            return name.equals(apexName);
        }
    }

    /**
     * Where a domain's records lead, and should.
     *
     * @param recommendedIPv4 for an apex; null or empty if Vercel does not say
     * @param recommendedCNAME for any other
     */
    public record DomainConfig(Boolean misconfigured, List<Addresses> recommendedIPv4, List<Target> recommendedCNAME) {

        public record Addresses(int rank, List<String> value) {}

        public record Target(int rank, String value) {}

        public DomainConfig {
            Objects.requireNonNull(misconfigured, "misconfigured");
            recommendedIPv4 = recommendedIPv4 == null ? List.of() : List.copyOf(recommendedIPv4);
            recommendedCNAME = recommendedCNAME == null ? List.of() : List.copyOf(recommendedCNAME);
        }

        /** Whether its records lead to Vercel. */
        public boolean isRight() {
            return !misconfigured;
        }

        /** The address that Vercel would have in an A record. */
        public Optional<String> address() {
            return recommendedIPv4.stream()
                    .filter(one -> one.value() != null && !one.value().isEmpty())
                    .min(Comparator.comparingInt(Addresses::rank))
                    .map(one -> one.value().get(0));
        }

        /** The name that Vercel would have in a CNAME record. */
        public Optional<String> target() {
            return recommendedCNAME.stream()
                    .filter(one -> one.value() != null && !one.value().isBlank())
                    .min(Comparator.comparingInt(Target::rank))
                    .map(one -> one.value().replaceAll("\\.$", ""));
        }
    }

    record ProjectDraft(String name, GitRepository gitRepository, List<Variable> environmentVariables) {}

    record GitRepository(String type, String repo) {}

    record DeploymentDraft(String name, String project, String target, GitSource gitSource, Map<String, String> meta) {}

    record GitSource(String type, long repoId, String ref, String sha) {}

    record FilesDraft(
            String name,
            String project,
            String target,
            List<DigestedFile> files,
            JsonNode projectSettings,
            Map<String, String> meta) {}

    record DigestedFile(String file, String sha, int size) {}

    record DomainDraft(String name) {}

    /** @param newProjectName what an accepted project is to be called; null in an offer */
    record TransferDraft(String newProjectName) {}

    record TransferCode(String code) {

        TransferCode {
            Objects.requireNonNull(code, "code");
        }

        @Override
        public String toString() {
            return "TransferCode[…]";
        }
    }

    record Whoami(User user) {

        Whoami {
            Objects.requireNonNull(user, "user");
        }
    }

    record Variables(List<SetVariable> envs) {}

    record Namespace(String slug) {}

    record ProjectDomains(List<Domain> projectDomains) {}

    record VariablesSet(List<Failed> failed) {

        record Failed(Why error) {}

        record Why(String key, String envVarKey) {}
    }

    record Page(List<ListedDeployment> deployments, Pagination pagination) {

        record Pagination(Long next) {}

        Page {
            Objects.requireNonNull(deployments, "deployments");
        }
    }

    /** Writes requests as answers are read. A class, for its type argument is looked at. */
    static final class Json implements ContextResolver<ObjectMapper> {

        @Override
        public ObjectMapper getContext(Class<?> type) {
            return Client.JSON;
        }
    }

    /** The connection to Vercel that all credentials share. */
    public static final class Client {

        private static final ObjectMapper JSON = JsonMapper.builder()
                .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
                .build();

        private final VercelApi api;
        private final Calls calls;

        public Client(URI url, Duration timeout, Time time) {
            var within = new CallTimeout(timeout);
            this.api = QuarkusRestClientBuilder.newBuilder()
                    .baseUri(url)
                    .connectTimeout(within.connectMillis(), TimeUnit.MILLISECONDS)
                    .readTimeout(within.answerMillis(), TimeUnit.MILLISECONDS)
                    .followRedirects(false)
                    // Statuses get their meaning in VercelRefusals.
                    .property("microprofile.rest.client.disable.default.mapper", true)
                    .register(new Json())
                    .build(VercelApi.class);
            this.calls = new Calls("Vercel", JSON, timeout, new VercelRefusals(time));
        }

        public Vercel as(String team, String token) {
            return new Vercel(this.api, this.calls, team, "Bearer " + token);
        }
    }

    private final VercelApi api;
    private final Calls calls;
    private final String team;
    private final String authorization;

    private Vercel(VercelApi api, Calls calls, String team, String authorization) {
        this.api = api;
        this.calls = calls;
        this.team = team;
        this.authorization = authorization;
    }

    /** The same for one attempt, at the pace of its token. What looks at its lease is asked again after a wait. */
    public Vercel at(Pace pace, Runnable beforeWrite) {
        return new Vercel(api, calls.at(pace, beforeWrite), team, authorization);
    }

    public String team() {
        return team;
    }

    public Optional<Project> project(String idOrName) {
        return found(
                () -> calls.of("GET project").read(Project.class, () -> api.project(authorization, idOrName, team)));
    }

    /**
     * Makes a project. Empty if the name is in use: look whose it is.
     *
     * @param repository what it is built from, at GitHub; null if it is given its files
     * @throws NeedsLinkException if Vercel must first be given access to the repository
     */
    public Optional<Project> createProject(String name, String repository, Variable mark) {
        var draft = new ProjectDraft(
                name, repository == null ? null : new GitRepository("github", repository), List.of(mark));
        try {
            return Optional.of(
                    calls.of("POST project").write(Project.class, () -> api.createProject(authorization, team, draft)));
        } catch (ProviderException e) {
            if (e.is(VercelRefusals.CONFLICT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Takes a project away with its variables, domains and deployments. One that is gone already is no failure. */
    public void deleteProject(String id) {
        found(() -> calls.of("DELETE project").write(() -> api.deleteProject(authorization, id, team)));
    }

    /** Offers a project for a day. Whoever has the code that this answers can take the project. */
    public String offerProject(String id) {
        return calls.of("POST transfer")
                .write(TransferCode.class, () -> api.offerProject(authorization, id, team, new TransferDraft(null)))
                .code();
    }

    /** Takes an offered project into this team. False if there is no such offer, or no longer. */
    public boolean acceptProject(String code, String name) {
        return found(() -> calls.of("PUT transfer")
                        .write(() -> api.acceptProject(authorization, code, team, new TransferDraft(name))))
                .isPresent();
    }

    public User user() {
        return calls.of("GET user")
                .read(Whoami.class, () -> api.user(authorization))
                .user();
    }

    /** This team as the token's owner sees it; empty if they do not. */
    public Optional<Team> describeTeam() {
        try {
            return found(() -> calls.of("GET team").read(Team.class, () -> api.team(authorization, team)));
        } catch (ProviderException e) {
            if (e.is(VercelRefusals.FORBIDDEN)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A project's variables; empty if there is no such project. */
    public Optional<List<SetVariable>> variables(String project) {
        return found(() -> calls.of("GET variables")
                        .read(Variables.class, () -> api.variables(authorization, project, team)))
                .map(answer -> answer.envs() == null ? List.of() : answer.envs());
    }

    /** Takes a variable away. One that is gone already is no failure. */
    public void deleteVariable(String project, String id) {
        found(() -> calls.of("DELETE variable").write(() -> api.deleteVariable(authorization, project, id, team)));
    }

    /**
     * The owners at GitHub whose repositories Vercel can be linked to, as far as the token's user may see them; empty if
     * Vercel does not tell.
     */
    public Optional<List<String>> gitHubOwners() {
        try {
            var owners = calls.of("GET namespaces")
                    .read(Namespace[].class, () -> api.gitNamespaces(authorization, "github"));
            return Optional.of(Stream.of(owners)
                    .map(Namespace::slug)
                    .filter(Objects::nonNull)
                    .toList());
        } catch (ProviderException e) {
            if (e.kind() == FailureClass.REFUSED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A domain as whichever of the team's projects has it; empty if none has, whoever else may. */
    public Optional<Domain> domainOfAnyProject(String domain) {
        for (int dot = -1; domain.indexOf('.', dot + 1) > 0; dot = domain.indexOf('.', dot + 1)) {
            // Which of these is the apex, the one that is registered, only Vercel knows.
            var apex = domain.substring(dot + 1);
            var there = found(() -> calls.of("GET domains")
                    .read(ProjectDomains.class, () -> api.projectDomains(authorization, apex, team, PAGE)));
            if (there.isPresent()) {
                return Optional.ofNullable(there.get().projectDomains()).orElse(List.of()).stream()
                        .filter(one -> one.name().equals(domain))
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    /** Sets or replaces variables. Answers the names of those that Vercel did not take. */
    public List<String> setVariables(String project, List<Variable> variables) {
        var answer = calls.of("POST variables")
                .write(VariablesSet.class, () -> api.setVariables(authorization, project, team, true, variables));
        return Optional.ofNullable(answer.failed()).orElse(List.of()).stream()
                .map(VariablesSet.Failed::error)
                .map(why -> why == null ? null : why.envVarKey() != null ? why.envVarKey() : why.key())
                .map(name -> name == null ? "one without a name" : name)
                .toList();
    }

    /**
     * The production deployments of a project whose <code>meta</code> fits and that have not failed, the earliest first:
     * what the provider shows as failed is never taken up.
     */
    public List<ListedDeployment> deploymentsMarked(String project, Predicate<Map<String, String>> meta) {
        var marked = new ArrayList<ListedDeployment>();
        Long until = null;
        for (int page = 0; page < MOST_PAGES; page++) {
            var to = until;
            var answer = calls.of("GET deployments")
                    .read(Page.class, () -> api.deployments(authorization, team, project, PRODUCTION, PAGE, to));
            answer.deployments().stream()
                    .filter(listed -> meta.test(listed.meta()) && !listed.isFailed())
                    .forEach(marked::add);
            until = answer.pagination() == null ? null : answer.pagination().next();
            if (until == null) {
                break;
            }
        }
        marked.sort(Comparator.comparingLong(ListedDeployment::created));
        return List.copyOf(marked);
    }

    /** Builds a commit of a repository at GitHub for production. A repeat builds again. */
    public Deployment deploy(
            String project,
            String projectName,
            long repositoryId,
            String branch,
            String sha,
            Map<String, String> meta) {
        var source = new GitSource("github", repositoryId, branch, sha);
        var draft = new DeploymentDraft(projectName, project, PRODUCTION, source, meta);
        return calls.of("POST deployment")
                .write(Deployment.class, () -> api.createDeployment(authorization, team, "1", draft));
    }

    /** Keeps a file for the deployments that name it. The same again changes nothing. */
    public void uploadFile(NewFile file) {
        calls.of("POST file").write(() -> api.uploadFile(authorization, file.sha1(), team, file.bytes()));
    }

    /**
     * Builds files for production. A repeat builds again.
     *
     * @throws MissingFilesException if Vercel has not all of them; nothing is begun then
     */
    public Deployment deploy(String project, String projectName, List<NewFile> files, Map<String, String> meta) {
        var named = files.stream()
                .map(file -> new DigestedFile(file.path(), file.sha1(), file.bytes().length))
                .toList();
        // Without any a project's first deployment is refused; null means that no framework is to be guessed.
        var settings = JsonNodeFactory.instance.objectNode().putNull("framework");
        var draft = new FilesDraft(projectName, project, PRODUCTION, named, settings, meta);
        return calls.of("POST deployment")
                .write(Deployment.class, () -> api.createDeployment(authorization, team, "1", draft));
    }

    public Optional<Deployment> deployment(String id) {
        return found(
                () -> calls.of("GET deployment").read(Deployment.class, () -> api.deployment(authorization, id, team)));
    }

    /** Takes a deployment away, built or not. One that is gone already is no failure. */
    public void deleteDeployment(String id) {
        found(() -> calls.of("DELETE deployment")
                .write(JsonNode.class, () -> api.deleteDeployment(authorization, id, team)));
    }

    /** False if it is past being cancelled. */
    public boolean cancelDeployment(String id) {
        try {
            calls.of("PATCH deployment").write(JsonNode.class, () -> api.cancelDeployment(authorization, id, team));
            return true;
        } catch (ProviderException e) {
            if (e.is(VercelRefusals.BAD_REQUEST) || e.is(VercelRefusals.NOT_FOUND)) {
                return false;
            }
            throw e;
        }
    }

    /** The last lines of a build's log, oldest first. */
    public List<String> buildLog(String deployment, int lines) {
        var events = calls.of("GET events")
                .read(JsonNode.class, () -> api.events(authorization, deployment, team, 1, "backward", lines));
        var texts = new ArrayList<JsonNode>();
        events.forEach(texts::add);
        texts.sort(Comparator.comparingLong(event -> event.path("created").asLong()));
        var log = texts.stream()
                .map(event -> event.path("text")
                        .asText(event.path("payload").path("text").asText("")))
                .map(String::stripTrailing)
                .filter(text -> !text.isBlank())
                .toList();
        return Collections.unmodifiableList(log.subList(Math.max(0, log.size() - lines), log.size()));
    }

    /** A domain as this project has it; empty if the project has it not, whoever else may. */
    public Optional<Domain> domain(String project, String domain) {
        return found(() ->
                calls.of("GET domain").read(Domain.class, () -> api.domain(authorization, project, domain, team)));
    }

    /** Empty if Vercel does not take it: look whose it is. */
    public Optional<Domain> addDomain(String project, String domain) {
        try {
            return Optional.of(calls.of("POST domain")
                    .write(Domain.class, () -> api.addDomain(authorization, project, team, new DomainDraft(domain))));
        } catch (ProviderException e) {
            if (e.is(VercelRefusals.CONFLICT) || e.is(VercelRefusals.BAD_REQUEST) || e.is(VercelRefusals.FORBIDDEN)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Takes a domain from a project. One that it has not is no failure. */
    public void removeDomain(String project, String domain) {
        found(() -> calls.of("DELETE domain").write(() -> api.removeDomain(authorization, project, domain, team)));
    }

    /** Has Vercel look for the domain's challenge. Empty if it is not there. */
    public Optional<Domain> verifyDomain(String project, String domain) {
        try {
            return Optional.of(calls.of("POST domain verification")
                    .write(Domain.class, () -> api.verifyDomain(authorization, project, domain, team)));
        } catch (ProviderException e) {
            if (e.kind() == FailureClass.REFUSED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public DomainConfig config(String domain) {
        return calls.of("GET domain config")
                .read(DomainConfig.class, () -> api.domainConfig(authorization, domain, team));
    }

    @Override
    public String toString() {
        return "Vercel as " + team;
    }

    private static <T> Optional<T> found(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (ProviderException e) {
            if (e.is(VercelRefusals.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
