package io.offshoot.sandbox.vercel;

import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.accounts.Accounts;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.exchange.Call.Fate;
import io.offshoot.sandbox.git.FileTree;
import io.offshoot.sandbox.github.Hooks;
import io.offshoot.sandbox.github.Repositories;
import io.offshoot.sandbox.github.Repository;
import io.offshoot.sandbox.site.SiteBuild;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All projects with their variables, domains and deployments: what Vercel stores and serves, whoever asks. */
public final class Hosting implements Repositories.PushListener {

    /** A site that can be visited. */
    public record Site(String host, String project, String deployment) {}

    private record Transfer(String projectId, Instant expiresAt) {}

    /** The files of a deployment's site. */
    record Output(Map<String, byte[]> files) {}

    /** Names under vercel.app that somebody else has in any world. */
    private static final Set<String> TAKEN_IN_THE_WORLD = Set.of("app", "blog", "bot", "docs", "hub", "site", "www");

    /** How many times longer a slow build takes. */
    private static final int SLOW = 10;

    /** How Vercel's app tells GitHub what its own webhooks tell. */
    private static final Map<String, String> DEPLOYMENT_STATES = Map.of(
            "deployment.created", "pending",
            "deployment.ready", "success",
            "deployment.error", "failure",
            "deployment.canceled", "error");

    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private final Table<Project> projects;
    private final Table<EnvVariable> variables;
    private final Table<Domain> domains;
    private final Table<Deployment> deployments;
    private final Table<Output> outputs;
    private final Table<byte[]> uploads;
    private final Table<Transfer> transfers;
    private final Repositories repositories;
    private final Accounts accounts;
    private final Supplier<Settings> settings;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final List<Happening.Listener> listeners = new ArrayList<>();

    public Hosting(
            Store store, Repositories repositories, Accounts accounts, Supplier<Settings> settings, Clock clock) {
        this.projects = store.table("projects", Project.class);
        this.variables = store.table("variables", EnvVariable.class);
        this.domains = store.table("domains", Domain.class);
        this.deployments = store.table("deployments", Deployment.class);
        this.outputs = store.table("outputs", Output.class);
        this.uploads = store.table("uploads", byte[].class);
        this.transfers = store.table("transfers", Transfer.class);
        this.repositories = repositories;
        this.accounts = accounts;
        this.settings = settings;
        this.clock = clock;
    }

    /** Vercel's app tells GitHub how the deployments of commits stand. */
    public void tellGitHub(Hooks hooks) {
        listen(new Happening.Listener() {
            @Override
            public void happens(Happening happening) {
                String state = DEPLOYMENT_STATES.get(happening.type());
                Deployment deployment = happening.deployment();
                if (state != null && deployment.commit().isPresent()) {
                    var git = deployment.commit().get();
                    String environment = deployment.isProduction() ? "Production" : "Preview";
                    String url = "https://" + deployment.url();
                    hooks.deploymentStatus(
                            git.repoId(), deployment.id(), git.sha(), environment, state, url, happening.at());
                }
            }

            @Override
            public void willNot(Deployment deployment) {
                // One outbox holds what both providers send: it is withdrawn there already.
            }
        });
    }

    Instant now() {
        return clock.instant();
    }

    List<Project> projects() {
        return List.copyOf(projects.values());
    }

    List<Domain> domains() {
        return List.copyOf(domains.values());
    }

    List<Deployment> deployments() {
        return List.copyOf(deployments.values());
    }

    List<EnvVariable> variables() {
        return List.copyOf(variables.values());
    }

    public void clear() {
        projects.removeIf(any -> true);
        variables.removeIf(any -> true);
        domains.removeIf(any -> true);
        deployments.removeIf(any -> true);
        outputs.removeIf(any -> true);
        uploads.removeIf(any -> true);
        transfers.removeIf(any -> true);
    }

    Optional<Project> project(String accountId, String idOrName) {
        return projects.values().stream()
                .filter(project -> project.accountId().equals(accountId))
                .filter(project ->
                        project.id().equals(idOrName) || project.name().equals(idOrName))
                .findFirst();
    }

    Optional<Project> project(String id) {
        return projects.get(id);
    }

    Project createProject(String accountId, String name, Project.Link link, Map<String, String> given) {
        Instant now = now();
        Project project = new Project(id("prj_"), accountId, name, freeHost(name), link, given, now, now);
        projects.put(project.id(), project);
        return project;
    }

    void update(Project project) {
        projects.put(project.id(), project);
    }

    /** Offers a project to whoever has the code that this returns, for a day. */
    String offer(Project project) {
        String code = letters(32);
        transfers.put(code, new Transfer(project.id(), now().plus(Duration.ofDays(1))));
        return code;
    }

    Optional<Project> offered(String code) {
        return transfers
                .get(code)
                .filter(transfer -> now().isBefore(transfer.expiresAt()))
                .flatMap(transfer -> project(transfer.projectId()));
    }

    /** Gives an offered project, with all that belongs to it, to another account. */
    void accept(String code, Project project, String accountId, String name) {
        deployments(project).forEach(deployment -> update(deployment.movedTo(accountId)));
        update(project.movedTo(accountId, name, now()));
        transfers.remove(code);
    }

    void delete(Project project) {
        projects.remove(project.id());
        variables.removeIf(variable -> variable.projectId().equals(project.id()));
        domains.removeIf(domain -> domain.projectId().equals(project.id()));
        deployments(project).forEach(this::delete);
    }

    List<EnvVariable> variables(Project project) {
        return variables.values().stream()
                .filter(variable -> variable.projectId().equals(project.id()))
                .toList();
    }

    void put(EnvVariable variable) {
        variables.put(variable.id(), variable);
    }

    void remove(EnvVariable variable) {
        variables.remove(variable.id());
    }

    List<Domain> domains(Project project) {
        return domains.values().stream()
                .filter(domain -> domain.projectId().equals(project.id()))
                .toList();
    }

    Optional<Domain> domain(String name) {
        return domains.get(name.toLowerCase(Locale.ROOT));
    }

    void put(Domain domain) {
        domains.put(domain.name(), domain);
    }

    void remove(Domain domain) {
        domains.remove(domain.name());
    }

    /** A project's deployments, newest first. */
    List<Deployment> deployments(Project project) {
        return newestFirst(deployments.values().stream()
                .filter(deployment -> deployment.projectId().equals(project.id()))
                .toList());
    }

    static List<Deployment> newestFirst(List<Deployment> some) {
        var sorted = new ArrayList<>(some);
        java.util.Collections.reverse(sorted);
        sorted.sort(Comparator.comparing(Deployment::createdAt).reversed());
        return sorted;
    }

    Optional<Deployment> deployment(String accountId, String idOrUrl) {
        return deployments.values().stream()
                .filter(deployment -> deployment.accountId().equals(accountId))
                .filter(deployment ->
                        deployment.id().equals(idOrUrl) || deployment.url().equals(idOrUrl))
                .findFirst()
                .or(() -> byHost(idOrUrl)
                        .filter(deployment -> deployment.accountId().equals(accountId)));
    }

    void update(Deployment deployment) {
        deployments.put(deployment.id(), deployment);
    }

    void delete(Deployment deployment) {
        deployments.remove(deployment.id());
        outputs.remove(deployment.id());
        listeners.forEach(listener -> listener.willNot(deployment));
    }

    Deployment cancel(Deployment deployment) {
        Deployment canceled = deployment.canceled(now());
        update(canceled);
        listeners.forEach(listener -> listener.willNot(deployment));
        project(deployment.projectId()).ifPresent(project -> tell("deployment.canceled", project, canceled, null));
        return canceled;
    }

    void listen(Happening.Listener listener) {
        listeners.add(listener);
    }

    /** Tells that something happened now. */
    void tell(String type, Project project, Deployment deployment, Domain domain) {
        tell(new Happening(type, now(), project, deployment, domain));
    }

    private void tell(Happening happening) {
        listeners.forEach(listener -> listener.happens(happening));
    }

    /** Its outcome is known, so all that there will be to tell is told at once, each with its time. */
    private void tellOf(Project project, Deployment deployment) {
        var times = new LinkedHashMap<String, Instant>();
        times.put("deployment.created", deployment.createdAt());
        if (deployment.canceledAt() != null) {
            times.put("deployment.canceled", deployment.canceledAt());
        } else if (deployment.failure() != null) {
            times.put("deployment.error", deployment.finishedAt());
        } else {
            times.put("deployment.succeeded", deployment.finishedAt());
            times.put("deployment.ready", deployment.aliasedAt());
            times.put("deployment.promoted", deployment.isProduction() ? deployment.aliasedAt() : null);
        }
        times.forEach((type, at) -> {
            if (at != null) {
                tell(new Happening(type, at, project, deployment, null));
            }
        });
    }

    void upload(String accountId, String sha1, byte[] file) {
        uploads.put(accountId + "/" + sha1, file);
    }

    Optional<byte[]> uploaded(String accountId, String sha1) {
        return uploads.get(accountId + "/" + sha1);
    }

    /** Builds a commit with the project's variables as they are now. */
    Deployment deploy(
            Project project,
            Repository repository,
            String ref,
            String sha,
            boolean production,
            String source,
            Map<String, String> meta,
            Fate fate) {
        var git = new Deployment.GitSource(repository.id(), repository.owner(), repository.name(), ref, sha);
        var files = contents(repository, sha);
        return deploy(project, git, files, production, source, withCommit(meta, repository, ref, sha), fate);
    }

    /** Builds files, of a commit or of none, with the project's variables as they are now. */
    Deployment deploy(
            Project project,
            Deployment.GitSource git,
            Map<String, byte[]> files,
            boolean production,
            String source,
            Map<String, String> meta,
            Fate fate) {
        boolean first = deployments(project).isEmpty();
        String target = production || first ? "production" : null;
        String branch = git == null ? null : git.ref();
        Map<String, String> env = environment(project, target == null ? "preview" : target, branch);
        SiteBuild.Result result = SiteBuild.of(files, env);
        String failure = fate == Fate.BUILD_FAILS ? "Command \"npm run build\" exited with 1" : result.failure();
        var log = new ArrayList<>(result.log());
        if (fate == Fate.BUILD_FAILS) {
            log.add("Error: " + failure);
        }
        String id = id("dpl_");
        Instant now = now();
        Instant start = settings.get().oneBuildAtATime() ? lastEnd(project.accountId(), now) : now;
        double spread = random.nextDouble();
        Instant initializing = start.plus(scaled(1 + spread));
        Instant building = initializing.plus(scaled(2 + spread));
        double length = (19 + 6 * spread) * (fate == Fate.BUILD_SLOW ? SLOW : 1);
        Instant finished = fate == Fate.BUILD_STUCK ? null : building.plus(scaled(length));
        Instant canceled = fate == Fate.BUILD_CANCELED ? building.plus(scaled(length / 2)) : null;
        Instant aliased = finished == null || failure != null ? null : finished.plus(scaled(1 + 2 * spread));
        var deployment = new Deployment(
                id,
                project.id(),
                project.accountId(),
                project.name(),
                label(project.name(), 30) + "-" + letters(9).toLowerCase(Locale.ROOT) + "-" + scope(project.accountId())
                        + ".vercel.app",
                target,
                source,
                git,
                meta,
                env.keySet().stream().sorted().toList(),
                failure,
                log,
                now,
                initializing,
                building,
                finished,
                aliased,
                canceled);
        deployments.put(id, deployment);
        if (failure == null) {
            outputs.put(id, new Output(result.pages()));
        }
        tellOf(project, deployment);
        return deployment;
    }

    /** A push to the production branch of a linked project builds it, any other push makes a preview. */
    @Override
    public void pushed(Repository repository, String branch, String sha) {
        if (!settings.get().vercelAppCovers(repository.fullName())) {
            return;
        }
        for (Project project : projects.values()) {
            if (project.link() != null && project.link().repoId() == repository.id()) {
                boolean production = project.link().productionBranch().equals(branch);
                deploy(project, repository, branch, sha, production, "git", Map.of(), Fate.AS_EVER);
            }
        }
    }

    /** The addresses that lead, or will lead, to a deployment, the best known first. */
    List<String> aliases(Deployment deployment) {
        return project(deployment.projectId())
                .map(project -> aliases(project, deployment))
                .orElse(List.of());
    }

    /** The addresses that lead to this deployment and no other at this time. */
    List<String> aliasesNow(Deployment deployment) {
        return aliases(deployment).stream()
                .filter(host -> byHost(host).filter(deployment::equals).isPresent())
                .toList();
    }

    /** A file of the site that is served under a host now. */
    public Optional<byte[]> file(String host, String path) {
        return byHost(host).flatMap(deployment -> outputs.get(deployment.id())).map(output -> output.files()
                .get(path));
    }

    /** What exists, for the control API: neither values of variables nor contents of sites. */
    public Map<String, List<Map<String, Object>>> inventory() {
        var all = new LinkedHashMap<String, List<Map<String, Object>>>();
        all.put("projects", projects.values().stream().map(this::inventory).toList());
        all.put(
                "deployments",
                deployments.values().stream().map(this::inventory).toList());
        all.put("domains", domains.values().stream().map(Hosting::inventory).toList());
        return all;
    }

    private Map<String, Object> inventory(Project project) {
        var row = new LinkedHashMap<String, Object>();
        row.put("id", project.id());
        row.put("accountId", project.accountId());
        row.put("name", project.name());
        row.put("host", project.productionHost());
        row.put(
                "repository",
                project.link() == null
                        ? null
                        : project.link().org() + "/" + project.link().repo());
        row.put("env", variables(project).stream().map(EnvVariable::key).toList());
        return row;
    }

    private Map<String, Object> inventory(Deployment deployment) {
        var row = new LinkedHashMap<String, Object>();
        row.put("id", deployment.id());
        row.put("projectId", deployment.projectId());
        row.put("name", deployment.name());
        row.put("url", deployment.url());
        row.put("target", deployment.target());
        row.put("source", deployment.source());
        row.put("sha", deployment.commit().map(Deployment.GitSource::sha).orElse(null));
        row.put("state", deployment.stateAt(now()).name());
        row.put("aliases", aliasesNow(deployment));
        row.put("meta", deployment.meta());
        return row;
    }

    private static Map<String, Object> inventory(Domain domain) {
        var row = new LinkedHashMap<String, Object>();
        row.put("name", domain.name());
        row.put("projectId", domain.projectId());
        row.put("verified", domain.verified());
        return row;
    }

    /** Whether something is served under this host now. */
    public boolean serves(String host) {
        return byHost(host).isPresent();
    }

    /** Everything that can be visited now under a project's best known address. */
    public List<Site> sites() {
        var sites = new ArrayList<Site>();
        for (Project project : projects.values()) {
            byHost(project.productionHost())
                    .ifPresent(deployment ->
                            sites.add(new Site(project.productionHost(), project.name(), deployment.id())));
            for (Domain domain : domains(project)) {
                byHost(domain.name())
                        .ifPresent(deployment -> sites.add(new Site(domain.name(), project.name(), deployment.id())));
            }
        }
        return sites;
    }

    Map<String, String> environment(Project project, String target, String branch) {
        var env = new TreeMap<String, String>();
        for (EnvVariable variable : variables(project)) {
            boolean meant = variable.gitBranch() == null || variable.gitBranch().equals(branch);
            if (meant && variable.target().contains(target)) {
                env.put(variable.key(), variable.value());
            }
        }
        return env;
    }

    /** The part of an address that stands for an account. */
    String scope(String accountId) {
        return accounts.all().stream()
                .filter(account -> account.teamId().equals(accountId))
                .map(Account::teamSlug)
                .findFirst()
                .orElse("personal");
    }

    String id(String prefix) {
        return prefix + letters(24);
    }

    /** The addresses of a project's newest production deployment, the best known first. */
    List<String> productionHosts(Project project) {
        var hosts = new ArrayList<String>();
        hosts.add(project.productionHost());
        domains(project).stream().filter(Domain::verified).map(Domain::name).forEach(hosts::add);
        hosts.add(teamHost(project));
        return hosts;
    }

    private List<String> aliases(Project project, Deployment deployment) {
        var hosts = new LinkedHashSet<String>();
        if (deployment.isProduction()) {
            hosts.addAll(productionHosts(project));
        }
        deployment.commit().ifPresent(git -> hosts.add(branchHost(project, git.ref())));
        return List.copyOf(hosts);
    }

    private Optional<Deployment> byHost(String host) {
        Instant now = now();
        for (Deployment deployment : deployments.values()) {
            if (deployment.url().equals(host)) {
                return Optional.of(deployment).filter(one -> one.stateAt(now) == Deployment.State.READY);
            }
        }
        for (Project project : projects.values()) {
            boolean production = productionHosts(project).contains(host);
            if (!production && !host.contains("-git-")) {
                continue;
            }
            Optional<Deployment> newest = deployments(project).stream()
                    .filter(one -> one.aliasedBy(now))
                    .filter(one -> production
                            ? one.isProduction()
                            : one.commit()
                                    .filter(git ->
                                            branchHost(project, git.ref()).equals(host))
                                    .isPresent())
                    .findFirst();
            if (newest.isPresent()) {
                return newest;
            }
        }
        return Optional.empty();
    }

    private String teamHost(Project project) {
        return label(project.name(), 40) + "-" + scope(project.accountId()) + ".vercel.app";
    }

    private String branchHost(Project project, String branch) {
        return label(project.name(), 30) + "-git-"
                + label(branch.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"), 20) + "-"
                + scope(project.accountId()) + ".vercel.app";
    }

    private String freeHost(String name) {
        String host = label(name, 63) + ".vercel.app";
        boolean taken = TAKEN_IN_THE_WORLD.contains(name) || name.startsWith("taken-") || isInUse(host);
        while (taken) {
            host = label(name, 58) + "-" + letters(4).toLowerCase(Locale.ROOT) + ".vercel.app";
            taken = isInUse(host);
        }
        return host;
    }

    boolean isInUse(String host) {
        return domain(host).isPresent()
                || projects.values().stream()
                        .anyMatch(project -> project.productionHost().equals(host));
    }

    private Map<String, byte[]> contents(Repository repository, String sha) {
        var files = new TreeMap<String, byte[]>();
        for (Map.Entry<String, FileTree.File> file :
                repositories.files(repository, sha).files().entrySet()) {
            repositories
                    .object(repository, file.getValue().sha())
                    .ifPresent(blob -> files.put(file.getKey(), blob.content()));
        }
        return files;
    }

    private Map<String, String> withCommit(Map<String, String> meta, Repository repository, String ref, String sha) {
        var all = new LinkedHashMap<String, String>();
        all.put("githubCommitRef", ref);
        all.put("githubCommitSha", sha);
        repositories.commit(repository, sha).ifPresent(commit -> {
            all.put("githubCommitMessage", commit.message());
            all.put("githubCommitAuthorName", commit.author().name());
        });
        all.put("githubDeployment", "1");
        all.put("githubOrg", repository.owner());
        all.put("githubRepo", repository.name());
        all.put("githubRepoId", String.valueOf(repository.id()));
        all.putAll(meta);
        return all;
    }

    private Instant lastEnd(String accountId, Instant now) {
        return deployments.values().stream()
                .filter(deployment -> deployment.accountId().equals(accountId))
                .filter(deployment -> !deployment.stateAt(now).isFinal() && deployment.finishedAt() != null)
                .map(Deployment::finishedAt)
                .max(Comparator.naturalOrder())
                .orElse(now);
    }

    private Duration scaled(double seconds) {
        return settings.get().scaled(seconds);
    }

    private static String label(String name, int length) {
        String label = name.replaceAll("[^a-z0-9-]", "-");
        String cut = label.length() > length ? label.substring(0, length) : label;
        return cut.replaceAll("^-+|-+$", "");
    }

    private String letters(int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
