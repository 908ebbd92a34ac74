package io.offshoot.sandbox.github;

import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.git.FileTree;
import io.offshoot.sandbox.git.GitObject;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** All repositories with their refs and objects: what GitHub stores, whoever asks. */
public final class Repositories {

    /** A branch or tag; the name begins with {@code heads/} or {@code tags/}. */
    public record Ref(long repositoryId, String name, String sha) {}

    /** A commit with its name. */
    public record NamedCommit(String sha, GitObject.Commit commit) {}

    /** Told when a branch got a new head. */
    public interface PushListener {
        void pushed(Repository repository, String branch, String sha);
    }

    private record StoredObject(long repositoryId, GitObject.Type type, byte[] content, Instant createdAt) {}

    private static final long FIRST_ID = 700_000_001L;
    private static final String STRANGERS = "taken-";

    private final Table<Repository> repositories;
    private final Table<Ref> refs;
    private final Table<StoredObject> objects;
    private final Table<Long> counters;
    private final Table<Long> formerNames;
    private final Supplier<Settings> settings;
    private final Clock clock;
    private final List<PushListener> listeners = new ArrayList<>();

    public Repositories(Store store, Supplier<Settings> settings, Clock clock) {
        this.repositories = store.table("repositories", Repository.class);
        this.refs = store.table("refs", Ref.class);
        this.objects = store.table("objects", StoredObject.class);
        this.counters = store.table("counters", Long.class);
        this.formerNames = store.table("former-names", Long.class);
        this.settings = settings;
        this.clock = clock;
    }

    public void onPush(PushListener listener) {
        listeners.add(listener);
    }

    public List<Repository> all() {
        return List.copyOf(repositories.values());
    }

    public Optional<Repository> byId(long id) {
        return repositories.get(String.valueOf(id));
    }

    /** Finds a repository whatever its letters' case; names beginning with {@code taken-} all belong to a stranger. */
    public Optional<Repository> find(String owner, String name) {
        Optional<Repository> found = repositories.values().stream()
                .filter(repository -> repository.owner().equalsIgnoreCase(owner)
                        && repository.name().equalsIgnoreCase(name))
                .findFirst();
        return found.isEmpty() && name.startsWith(STRANGERS) ? Optional.of(stranger(owner, name)) : found;
    }

    /** Whether it is one of the preset repositories of strangers, in which nobody here may change anything. */
    public boolean isStrangers(Repository repository) {
        return byId(repository.id()).isEmpty();
    }

    public boolean refsVisible(Repository repository) {
        return !clock.instant().isBefore(repository.refsFrom()) && !isStrangers(repository);
    }

    public boolean filesVisible(Repository repository) {
        return refsVisible(repository) && !clock.instant().isBefore(repository.filesFrom());
    }

    /** A new repository with these files in one commit, all to be seen at once. */
    public Repository create(
            String owner, String name, String description, boolean template, Map<String, byte[]> files) {
        Instant now = clock.instant();
        Repository repository = add(owner, name, description, false, template, null, null, now, now);
        FileTree tree = FileTree.empty();
        for (var file : files.entrySet()) {
            String blob = put(repository, GitObject.blob(file.getValue()));
            tree = tree.with(file.getKey(), new FileTree.File("100644", blob));
        }
        begin(repository, tree, new GitObject.Person(owner, owner + "@users.noreply.sandbox.test", time(now)));
        return repository;
    }

    /** A new repository with a template's files; they come to be seen a second or three later, refs first. */
    Repository generate(
            Repository template, String owner, String name, String description, boolean isPrivate, String login) {
        Repository repository = addLater(owner, name, description, isPrivate, template.id(), null);
        String head = head(template, template.defaultBranch()).orElseThrow();
        FileTree tree = files(template, head);
        for (FileTree.File file : tree.files().values()) {
            put(repository, object(template, file.sha()).orElseThrow());
        }
        begin(repository, tree, new GitObject.Person(login, noReply(login), time(clock.instant())));
        return repository;
    }

    /** A new fork with the upstream's default branch; it comes to be seen a second or three later, refs first. */
    Repository fork(Repository upstream, String owner, String name) {
        Repository fork = addLater(owner, name, upstream.description(), upstream.isPrivate(), null, upstream.id());
        objects.entries().forEach((key, object) -> {
            if (object.repositoryId() == upstream.id()) {
                String sha = key.substring(key.indexOf('/') + 1);
                objects.put(
                        key(fork, sha), new StoredObject(fork.id(), object.type(), object.content(), clock.instant()));
            }
        });
        head(upstream, upstream.defaultBranch()).ifPresent(sha -> setRef(fork, "heads/" + fork.defaultBranch(), sha));
        return fork;
    }

    /** The fork that an owner already holds of the same network of forks, if any. */
    Optional<Repository> forkHeldBy(String owner, Repository upstream) {
        long source = source(upstream).id();
        return repositories.values().stream()
                .filter(repository -> repository.owner().equalsIgnoreCase(owner) && repository.parentId() != null)
                .filter(repository -> source(repository).id() == source)
                .findFirst();
    }

    /** The beginning of a repository's network of forks, itself when it is no fork. */
    Repository source(Repository repository) {
        return Optional.ofNullable(repository.parentId())
                .flatMap(this::byId)
                .map(this::source)
                .orElse(repository);
    }

    void update(Repository repository) {
        repositories.put(String.valueOf(repository.id()), repository);
    }

    /** Gives a repository its new name; the old one leads to it until another repository takes it. */
    void rename(Repository old, Repository renamed) {
        formerNames.put(formerName(old.owner(), old.name()), old.id());
        update(renamed);
    }

    /** The repository that had this name before. */
    Optional<Repository> formerly(String owner, String name) {
        return formerNames.get(formerName(owner, name)).flatMap(this::byId);
    }

    private static String formerName(String owner, String name) {
        return (owner + "/" + name).toLowerCase(Locale.ROOT);
    }

    void delete(Repository repository) {
        repositories.remove(String.valueOf(repository.id()));
        refs.removeIf(ref -> ref.repositoryId() == repository.id());
        objects.removeIf(object -> object.repositoryId() == repository.id());
    }

    /** Forgets every repository; ids go on from where they were, so that no id ever means two things. */
    public void clear() {
        repositories.removeIf(repository -> true);
        refs.removeIf(ref -> true);
        objects.removeIf(object -> true);
        formerNames.removeIf(id -> true);
    }

    public List<Ref> refs(Repository repository) {
        return refs.values().stream()
                .filter(ref -> ref.repositoryId() == repository.id())
                .toList();
    }

    Optional<Ref> ref(Repository repository, String name) {
        return refs.get(key(repository, name));
    }

    /** The commit that a branch stands at. */
    public Optional<String> head(Repository repository, String branch) {
        return ref(repository, "heads/" + branch).map(Ref::sha);
    }

    void setRef(Repository repository, String name, String sha) {
        refs.put(key(repository, name), new Ref(repository.id(), name, sha));
    }

    /** Moves or makes a ref as a push does, and tells the listeners. */
    void push(Repository repository, String name, String sha) {
        setRef(repository, name, sha);
        Repository pushed = repository.pushed(clock.instant());
        update(pushed);
        if (name.startsWith("heads/")) {
            listeners.forEach(listener -> listener.pushed(pushed, name.substring("heads/".length()), sha));
        }
    }

    void removeRef(Repository repository, String name) {
        refs.remove(key(repository, name));
    }

    public Optional<GitObject> object(Repository repository, String sha) {
        return objects.get(key(repository, sha)).map(stored -> new GitObject(stored.type(), stored.content()));
    }

    /** Since when the object is there. */
    public Optional<Instant> knownSince(Repository repository, String sha) {
        return objects.get(key(repository, sha)).map(StoredObject::createdAt);
    }

    String put(Repository repository, GitObject object) {
        String sha = object.sha();
        if (objects.get(key(repository, sha)).isEmpty()) {
            objects.put(
                    key(repository, sha),
                    new StoredObject(repository.id(), object.type(), object.content(), clock.instant()));
        }
        return sha;
    }

    public Optional<GitObject.Commit> commit(Repository repository, String sha) {
        return object(repository, sha)
                .filter(object -> object.type() == GitObject.Type.COMMIT)
                .map(GitObject::asCommit);
    }

    /** The files of a commit. */
    public FileTree files(Repository repository, String commit) {
        return tree(repository, commit(repository, commit).orElseThrow().tree());
    }

    FileTree tree(Repository repository, String sha) {
        return FileTree.of(sha, name -> object(repository, name).orElseThrow());
    }

    /** A commit by branch, by {@code heads/…} or {@code tags/…}, or by its whole name or at least seven letters. */
    Optional<String> resolve(Repository repository, String name) {
        return head(repository, name)
                .or(() -> ref(repository, name).map(Ref::sha))
                .or(() -> ref(repository, "tags/" + name).map(Ref::sha))
                .or(() -> commit(repository, name).map(commit -> name))
                .or(() -> name.matches("[0-9a-f]{7,39}") ? abbreviated(repository, name) : Optional.empty());
    }

    /** The commit and everything before it, newest first. */
    List<NamedCommit> history(Repository repository, String sha) {
        var seen = new HashSet<String>();
        var waiting = new ArrayDeque<String>(List.of(sha));
        var history = new ArrayList<NamedCommit>();
        while (!waiting.isEmpty()) {
            String next = waiting.poll();
            if (seen.add(next)) {
                commit(repository, next).ifPresent(commit -> {
                    history.add(new NamedCommit(next, commit));
                    waiting.addAll(commit.parents());
                });
            }
        }
        // The sort is stable: among commits of one second a child stays before its parents.
        history.sort(Comparator.comparing(
                        (NamedCommit one) -> one.commit().committer().when().toInstant())
                .reversed());
        return history;
    }

    /** Every repository of the same network of forks. */
    List<Repository> network(Repository repository) {
        long source = source(repository).id();
        return repositories.values().stream()
                .filter(other -> source(other).id() == source)
                .toList();
    }

    /** Lets a repository see all objects of another; a network of forks shares them at GitHub. */
    void bring(Repository from, Repository to) {
        objects.entries().forEach((key, object) -> {
            if (object.repositoryId() == from.id()) {
                put(to, new GitObject(object.type(), object.content()));
            }
        });
    }

    /** Makes sure that a commit of the network of forks can be used here. */
    void bringCommit(Repository to, String sha) {
        if (object(to, sha).isEmpty()) {
            network(to).stream()
                    .filter(other -> object(other, sha).isPresent())
                    .findFirst()
                    .ifPresent(other -> bring(other, to));
        }
    }

    /** The newest commit that both have behind them. */
    Optional<String> mergeBase(Repository repository, String one, String other) {
        var behind = new HashSet<String>();
        history(repository, one).forEach(commit -> behind.add(commit.sha()));
        return history(repository, other).stream()
                .map(NamedCommit::sha)
                .filter(behind::contains)
                .findFirst();
    }

    /** The commits that the second has behind it and the first has not, newest first. */
    List<NamedCommit> between(Repository repository, String one, String other) {
        var behind = new HashSet<String>();
        history(repository, one).forEach(commit -> behind.add(commit.sha()));
        return history(repository, other).stream()
                .filter(commit -> !behind.contains(commit.sha()))
                .toList();
    }

    /** Commits to the default branch as a person with Git would; a file without content is deleted. */
    public String pushFiles(Repository repository, Map<String, String> files, String message) {
        String head = head(repository, repository.defaultBranch()).orElseThrow();
        FileTree tree = files(repository, head);
        for (var file : files.entrySet()) {
            if (file.getValue() == null) {
                tree = tree.without(file.getKey());
            } else {
                GitObject blob = GitObject.blob(file.getValue().getBytes(StandardCharsets.UTF_8));
                tree = tree.with(file.getKey(), new FileTree.File("100644", put(repository, blob)));
            }
        }
        String root = tree.store(object -> put(repository, object));
        String owner = repository.owner();
        var person = new GitObject.Person(owner, noReply(owner), time(clock.instant()));
        var commit = new GitObject.Commit(root, List.of(head), person, person, message);
        String sha = put(repository, GitObject.commit(commit));
        push(repository, "heads/" + repository.defaultBranch(), sha);
        return sha;
    }

    boolean isBehind(Repository repository, String ancestor, String descendant) {
        return history(repository, descendant).stream()
                .anyMatch(one -> one.sha().equals(ancestor));
    }

    static String noReply(String login) {
        return Account.numberOf(login) + "+" + login + "@users.noreply.sandbox.test";
    }

    static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private Optional<String> abbreviated(Repository repository, String start) {
        return objects.entries().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(key(repository, start)))
                .filter(entry -> entry.getValue().type() == GitObject.Type.COMMIT)
                .map(entry -> entry.getKey().substring(entry.getKey().indexOf('/') + 1))
                .findFirst();
    }

    private void begin(Repository repository, FileTree tree, GitObject.Person person) {
        String root = tree.store(object -> put(repository, object));
        var commit = new GitObject.Commit(root, List.of(), person, person, "Initial commit");
        setRef(repository, "heads/" + repository.defaultBranch(), put(repository, GitObject.commit(commit)));
    }

    private Repository addLater(
            String owner, String name, String description, boolean isPrivate, Long templateId, Long parentId) {
        // Between one and three seconds, different from one repository to the next but the same in each run.
        double spread = (name.hashCode() & 0xff) / 255.0;
        Instant refsFrom = clock.instant().plus(settings.get().scaled(1 + spread));
        Instant filesFrom = refsFrom.plus(settings.get().scaled(0.5 + spread / 2));
        return add(owner, name, description, isPrivate, false, templateId, parentId, refsFrom, filesFrom);
    }

    private Repository add(
            String owner,
            String name,
            String description,
            boolean isPrivate,
            boolean template,
            Long templateId,
            Long parentId,
            Instant refsFrom,
            Instant filesFrom) {
        long id = counters.get("repository").orElse(FIRST_ID);
        counters.put("repository", id + 1);
        Instant now = clock.instant();
        var repository = new Repository(
                id,
                owner,
                name,
                description,
                null,
                isPrivate,
                template,
                false,
                "main",
                List.of(),
                templateId,
                parentId,
                now,
                now,
                now,
                refsFrom,
                filesFrom);
        update(repository);
        return repository;
    }

    private static Repository stranger(String owner, String name) {
        Instant longAgo = Instant.parse("2024-02-29T12:00:00Z");
        long id = 100_000_000L + Integer.toUnsignedLong((owner + "/" + name).hashCode()) % 100_000_000L;
        return new Repository(
                id, owner, name, null, null, false, false, false, "main", List.of(), null, null, longAgo, longAgo,
                longAgo, longAgo, longAgo);
    }

    private static String key(Repository repository, String name) {
        return repository.id() + "/" + name;
    }

    byte[] content(Repository repository, FileTree.File file) {
        return object(repository, file.sha()).map(GitObject::content).orElse("".getBytes(StandardCharsets.UTF_8));
    }
}
