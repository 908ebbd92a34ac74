package io.offshoot.localstack.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.KafkaBrokerMain;
import io.offshoot.backends.PostgresServer;
import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.data.DataFolder;
import io.offshoot.localstack.data.Ports;
import io.offshoot.localstack.data.PrivateFiles;
import io.offshoot.localstack.data.Secrets;
import io.offshoot.localstack.process.ChildProcess;
import io.offshoot.localstack.process.Jdk;
import io.offshoot.localstack.process.Leftovers;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.sandbox.SandboxControl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The whole system as processes on this machine. {@link #start} brings it up, {@link #close} takes it down and leaves
 * nothing running. In between single processes can be killed and started again by name: a module's name, with
 * <code>-2</code>, <code>-3</code> … for further replicas, <code>kafka</code> or <code>postgres</code>.
 *
 * <pre>
 * provider-sandbox ───────────────────────────────┐
 * kafka ────┬──▶ *-executor ──────────────────────┼──▶ ready
 * postgres ─┴──▶ orchestrator-, gateway-service ──┘
 * </pre>
 */
public final class LocalStack implements AutoCloseable {

    public static final String KAFKA = "kafka";
    public static final String POSTGRES = "postgres";

    private static final Duration START_PATIENCE = Duration.ofSeconds(90);
    /** Longer than an executor lets a call take that is under way. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(12);

    private static final int HEAP_MEGABYTES = 192;
    private static final int KAFKA_HEAP_MEGABYTES = 256;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StackOptions options;
    private final Terminal terminal;
    private final Jdk jdk = Jdk.newest();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "stack");
        thread.setDaemon(true);
        return thread;
    });

    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, ChildProcess> children = new LinkedHashMap<>();
    private final Object lifecycle = new Object();
    private boolean closing;
    private boolean told;
    private boolean ready;
    private CompletableFuture<Void> closed;

    private DataFolder folder;
    private Settings settings;
    private Postgres postgres;
    private Balancer balancer;

    public LocalStack(StackOptions options, Terminal terminal) {
        this.options = options;
        this.terminal = terminal;
        for (var service : Service.values()) {
            if (service == Service.PROVIDER_SANDBOX && options.live().isPresent()) {
                continue;
            }
            for (int replica = 1; replica <= options.replicas().getOrDefault(service.module(), 1); replica++) {
                var member = Member.of(service, replica);
                members.put(member.name(), member);
            }
        }
    }

    /**
     * Starts everything, and returns when every service says that it is ready.
     *
     * @throws StackException if it cannot; what was started is stopped again
     */
    public void start() throws StackException {
        try {
            prepare();
            await(startAll());
            synchronized (lifecycle) {
                ready = true;
                writeStackFile();
            }
        } catch (IOException e) {
            stopOnce();
            throw new StackException("The stack cannot start: " + e.getMessage(), e);
        } catch (StackException e) {
            stopOnce();
            throw e;
        }
    }

    /** Whether it has been taken down. */
    public boolean isStopped() {
        synchronized (lifecycle) {
            return closed != null && closed.isDone();
        }
    }

    /** Whether {@link #close} was called. */
    public boolean wasToldToStop() {
        synchronized (lifecycle) {
            return told;
        }
    }

    /** The gateway's address, ending in a slash. */
    public URI gateway() {
        return settings.local(settings.gatewayPort, "/");
    }

    /** The local operator's token. */
    public String token() {
        return settings.operatorToken;
    }

    public String kafka() {
        return settings.kafka();
    }

    /** The address of the orchestrator's database, with user and password. */
    public String postgres() {
        return "postgresql://%s:%s@127.0.0.1:%d/%s"
                .formatted(PostgresServer.USER, PostgresServer.PASSWORD, settings.postgresPort, Settings.DATABASE);
    }

    /** The same address for JDBC. */
    public String jdbc() {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
                .formatted(settings.postgresPort, Settings.DATABASE, PostgresServer.USER, PostgresServer.PASSWORD);
    }

    /** Where the sandbox listens on 127.0.0.1. */
    public int sandboxPort() {
        return settings.sandboxPort;
    }

    public SandboxControl sandbox() {
        return new SandboxControl(http, settings.local(settings.sandboxPort, "/_sandbox"), settings.controlToken);
    }

    public Path data() {
        return folder.path();
    }

    /** The file that tells others how to reach what runs. */
    public Path stackFile() {
        return folder.resolve("stack.json");
    }

    /** Where a process of ours listens itself, ending in a slash. */
    public URI address(String name) {
        var member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("No service " + name);
        }
        return settings.local(settings.port(member), "/");
    }

    /** Where a process of ours says how it is, ending in a slash. */
    public URI health(String name) {
        var member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("No service " + name);
        }
        return settings.local(settings.managementPort(member), "/q/health/");
    }

    /** The names of the processes of ours. */
    public List<String> services() {
        return List.copyOf(members.keySet());
    }

    /** The names of all processes, in the order in which they were described. */
    public List<String> names() {
        var names = new ArrayList<>(List.of(KAFKA, POSTGRES));
        names.addAll(members.keySet());
        return names;
    }

    /** The child of that name; null if it was never started. PostgreSQL is none. */
    public ChildProcess process(String name) {
        synchronized (lifecycle) {
            return children.get(name);
        }
    }

    /** Kills a process as <code>kill -9</code> does, and returns when it is gone. */
    public void kill9(String name) throws IOException {
        if (name.equals(POSTGRES)) {
            postgres.kill();
        } else {
            known(name).kill();
        }
    }

    /** Stops a process in the ordinary way, and returns when it is gone. */
    public void stop(String name) throws IOException {
        if (name.equals(POSTGRES)) {
            postgres.close();
        } else {
            known(name).terminate();
            known(name).awaitEnd(STOP_PATIENCE);
        }
    }

    /** Holds a process where it stands, as <code>kill -STOP</code> does, until {@link #thaw}. */
    public void freeze(String name) throws IOException {
        signal("-STOP", name);
    }

    /** Lets a frozen process go on. */
    public void thaw(String name) throws IOException {
        signal("-CONT", name);
    }

    /** Whether it runs, be it frozen or not. */
    public boolean isAlive(String name) throws IOException {
        if (name.equals(POSTGRES)) {
            return postgres.pid() != 0;
        }
        var child = process(name);
        return child != null && child.isAlive();
    }

    /** Makes one of our own processes halt when it next comes by the point. Only with {@link StackOptions#failpoints}. */
    public void haltAt(String name, Failpoint point) throws IOException {
        var file = failpoint(name);
        var written = file.resolveSibling(name + ".new");
        Files.writeString(written, point.name());
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Takes back {@link #haltAt}. */
    public void haltNowhere(String name) throws IOException {
        Files.deleteIfExists(failpoint(name));
    }

    /** Starts a process that was stopped or killed, and returns when it is ready. */
    public void start(String name) throws StackException {
        start(name, Map.of());
    }

    /** As {@link #start(String)}, with more in its environment. Only for our own services. */
    public void start(String name, Map<String, String> environment) throws StackException {
        if (name.equals(POSTGRES)) {
            await(run(this::startPostgres));
        } else if (name.equals(KAFKA)) {
            await(run(this::startKafka));
        } else if (members.containsKey(name)) {
            await(run(() -> startMember(members.get(name), environment)));
        } else {
            throw new IllegalArgumentException("No process " + name);
        }
        try {
            synchronized (lifecycle) {
                if (ready && !closing) {
                    writeStackFile();
                }
            }
        } catch (IOException e) {
            throw new StackException("%s cannot be written: %s".formatted(stackFile(), e.getMessage()), e);
        }
    }

    /** Stops everything in reverse order. Whoever calls it while it is under way waits for it. */
    @Override
    public void close() {
        synchronized (lifecycle) {
            told = true;
        }
        stopOnce();
    }

    private void stopOnce() {
        CompletableFuture<Void> mine = null;
        CompletableFuture<Void> done;
        synchronized (lifecycle) {
            closing = true;
            if (closed == null) {
                closed = new CompletableFuture<>();
                mine = closed;
            }
            done = closed;
        }
        if (mine != null) {
            try {
                stopAll();
            } finally {
                mine.complete(null);
            }
        }
        done.join();
    }

    private void prepare() throws StackException, IOException {
        for (var member : members.values()) {
            if (!Files.isReadable(member.service().jar(options.root()))) {
                throw new StackException("%s is not built; run: mvn -DskipTests package"
                        .formatted(member.service().module()));
            }
        }
        folder = DataFolder.open(options.data(), options.live().isPresent() ? "live" : "sandbox");
        Files.deleteIfExists(folder.resolve("stack.json"));
        var leftovers = Leftovers.end(folder.path());
        if (leftovers > 0) {
            terminal.say("Ended %d processes that a killed run had left.".formatted(leftovers));
        }
        if (!Ports.isFree(options.port())) {
            throw new StackException(
                    "Port %d is in use by another program; stop it, or choose another port with --port."
                            .formatted(options.port()));
        }
        var ports = Ports.in(folder);
        var postgresData = folder.resolve("postgres");
        var running = Postgres.runningOn(postgresData);
        var postgresPort = running.isPresent() ? running.get() : ports.free("postgres");
        settings = new Settings(options, folder, ports, Secrets.in(folder), postgresPort);
        folder.directory("config");
        var orchestrators = members.values().stream()
                .filter(member -> member.service() == Service.ORCHESTRATOR_SERVICE)
                .map(member -> new Balancer.Replica(settings.port(member), settings.managementPort(member)))
                .toList();
        if (orchestrators.size() > 1) {
            balancer = Balancer.over(orchestrators);
            settings.orchestratorIsAt(balancer.port());
        }
        postgres = new Postgres(
                postgresData,
                Files.createDirectories(folder.resolve("logs")),
                postgresPort,
                pid -> terminal.say("postgres ended by itself; the last of its log is in %s."
                        .formatted(folder.resolve("logs/postgres.log"))));
    }

    private CompletableFuture<Void> startAll() {
        var kafka = run(this::startKafka);
        var database = run(this::startPostgres);
        var both = CompletableFuture.allOf(kafka, database);
        var parts = new ArrayList<CompletableFuture<?>>(List.of(kafka, database));
        for (var member : members.values()) {
            var before =
                    switch (member.service()) {
                        case PROVIDER_SANDBOX -> CompletableFuture.<Void>completedFuture(null);
                        case ORCHESTRATOR_SERVICE, GATEWAY_SERVICE -> both;
                        case GITHUB_EXECUTOR, VERCEL_EXECUTOR -> kafka;
                    };
            parts.add(before.thenCompose(done -> run(() -> startMember(member, Map.of()))));
        }
        var failed = new CompletableFuture<Void>();
        parts.forEach(part -> part.whenComplete((done, failure) -> {
            if (failure != null) {
                failed.completeExceptionally(failure);
            }
        }));
        var all = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
        return CompletableFuture.anyOf(all, failed).thenAccept(done -> {});
    }

    private CompletableFuture<Void> run(Start start) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        start.run();
                    } catch (IOException | StackException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    private interface Start {
        void run() throws IOException, StackException;
    }

    private static void await(CompletableFuture<Void> future) throws StackException {
        try {
            future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StackException known) {
                throw known;
            }
            throw new StackException(
                    "The stack cannot start: %s".formatted(e.getCause().getMessage()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted.", e);
        }
    }

    private void startPostgres() throws IOException, StackException {
        synchronized (lifecycle) {
            refuseWhenClosing();
        }
        postgres.start(List.of(Settings.DATABASE, Settings.GATEWAY_DATABASE));
    }

    private void startKafka() throws IOException, StackException {
        var command = new ArrayList<>(jdk.command(KAFKA_HEAP_MEGABYTES));
        command.add(Leftovers.mark(folder.path()));
        command.addAll(List.of(
                "-cp",
                options.root().resolve("local-stack/target/local-stack.jar").toString(),
                KafkaBrokerMain.class.getName(),
                folder.resolve("kafka").toString(),
                Integer.toString(settings.kafkaPort),
                Integer.toString(settings.kafkaControllerPort)));
        var child = spawn(KAFKA, command, Map.of());
        try {
            child.saysReady().get(START_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw ended(child);
        } catch (TimeoutException e) {
            throw new StackException(
                    "kafka is not ready after %d s; see %s.".formatted(START_PATIENCE.toSeconds(), log(KAFKA)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted.", e);
        }
    }

    private void startMember(Member member, Map<String, String> more) throws IOException, StackException {
        var file = folder.directory("config").resolve(member.name() + ".properties");
        PrivateFiles.write(file, properties(settings.of(member)));
        var command = new ArrayList<>(jdk.command(HEAP_MEGABYTES));
        command.add(Leftovers.mark(folder.path()));
        if (options.failpoints()) {
            command.add("-D%s=@%s".formatted(Failpoint.PROPERTY, failpoint(member.name())));
        }
        command.addAll(List.of("-jar", member.service().jar(options.root()).toString()));
        var environment = new HashMap<>(more);
        environment.put("QUARKUS_CONFIG_LOCATIONS", file.toUri().toString());
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(settings.port(member)));
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(settings.managementPort(member)));
        // A process knows the tokens of its own settings, not those of whoever started the stack.
        environment.put(LiveAccounts.GITHUB_TOKEN, null);
        environment.put(LiveAccounts.VERCEL_TOKEN, null);
        awaitReady(spawn(member.name(), command, environment), settings.managementPort(member));
    }

    private ChildProcess spawn(String name, List<String> command, Map<String, String> environment)
            throws IOException, StackException {
        synchronized (lifecycle) {
            refuseWhenClosing();
            var earlier = children.get(name);
            if (earlier != null && earlier.isAlive()) {
                throw new IllegalStateException(name + " is running");
            }
            var child = ChildProcess.start(name, command, environment, log(name), terminal, this::tellDeath);
            children.put(name, child);
            return child;
        }
    }

    private void awaitReady(ChildProcess child, int port) throws StackException {
        var request = HttpRequest.newBuilder(settings.local(port, "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        var deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (!child.isAlive()) {
                throw ended(child);
            }
            try {
                if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StackException("Interrupted.", e);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        throw new StackException("%s is not ready after %d s; see %s."
                .formatted(child.name(), START_PATIENCE.toSeconds(), log(child.name())));
    }

    private StackException ended(ChildProcess child) {
        return new StackException("%s ended while it was starting; see %s.".formatted(child.name(), log(child.name())));
    }

    private void tellDeath(ChildProcess child) {
        synchronized (lifecycle) {
            if (closing) {
                return;
            }
        }
        terminal.say("%s (process %d) ended by itself with exit code %d; the rest keeps running. Its last lines:"
                .formatted(child.name(), child.pid(), child.exitCode()));
        child.lastLines().forEach(line -> terminal.say("    " + line));
    }

    private void refuseWhenClosing() throws StackException {
        if (closing) {
            throw new StackException("Stopped before it was ready.");
        }
    }

    private void signal(String signal, String name) throws IOException {
        var pids = name.equals(POSTGRES) ? postgres.pids() : List.of(known(name).pid());
        var command = new ArrayList<>(List.of("kill", signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ChildProcess known(String name) {
        var child = process(name);
        if (child == null) {
            throw new IllegalArgumentException("No process " + name);
        }
        return child;
    }

    private Path failpoint(String name) throws IOException {
        return folder.directory("failpoints").resolve(name);
    }

    private Path log(String name) {
        return folder.resolve("logs").resolve(name + ".log");
    }

    private void stopAll() {
        if (folder == null) {
            return;
        }
        attempt("remove stack.json", () -> Files.deleteIfExists(folder.resolve("stack.json")));
        var services = new ArrayList<ChildProcess>();
        var sandbox = new ArrayList<ChildProcess>();
        var kafka = new ArrayList<ChildProcess>();
        synchronized (lifecycle) {
            children.forEach((name, child) -> {
                if (name.equals(KAFKA)) {
                    kafka.add(child);
                } else if (name.equals(Service.PROVIDER_SANDBOX.module())) {
                    sandbox.add(child);
                } else {
                    services.add(child);
                }
            });
        }
        for (var stage : List.of(services, sandbox, kafka)) {
            stage.forEach(ChildProcess::terminate);
            stage.forEach(child -> child.awaitEnd(STOP_PATIENCE));
        }
        if (balancer != null) {
            balancer.close();
        }
        if (postgres != null) {
            attempt("stop postgres", () -> {
                postgres.close();
                return null;
            });
        }
        attempt("release the data folder", () -> {
            folder.close();
            return null;
        });
        threads.shutdown();
    }

    private void attempt(String what, Callable<?> work) {
        try {
            work.call();
        } catch (Exception e) {
            terminal.say("Could not %s: %s".formatted(what, e.getMessage()));
        }
    }

    private void writeStackFile() throws IOException {
        var file = JSON.createObjectNode();
        file.put("gateway", withoutSlash(gateway()));
        file.put("console", gateway().toString());
        file.put("token", token());
        file.put("kafka", kafka());
        file.put("postgres", postgres());
        if (options.live().isEmpty()) {
            file.putObject("sandbox")
                    .put(
                            "github",
                            settings.local(settings.sandboxPort, "/github").toString())
                    .put(
                            "vercel",
                            settings.local(settings.sandboxPort, "/vercel").toString())
                    .put(
                            "control",
                            settings.local(settings.sandboxPort, "/_sandbox").toString())
                    .put("controlToken", settings.controlToken)
                    .put("githubToken", settings.sandboxGithubToken)
                    .put("vercelToken", settings.sandboxVercelToken)
                    .put("teamId", Settings.TEAM_ID)
                    .put("organization", Settings.ORGANIZATION)
                    .put("upstream", Settings.UPSTREAM);
        }
        writePids(file.putObject("pids"));
        PrivateFiles.write(stackFile(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file) + "\n");
    }

    private void writePids(ObjectNode pids) throws IOException {
        var byModule = new EnumMap<Service, List<Long>>(Service.class);
        for (var member : members.values()) {
            byModule.computeIfAbsent(member.service(), service -> new ArrayList<>())
                    .add(children.get(member.name()).pid());
        }
        byModule.forEach((service, processes) -> {
            if (processes.size() == 1) {
                pids.put(service.module(), processes.get(0));
            } else {
                processes.forEach(pids.withArray(service.module())::add);
            }
        });
        pids.put(KAFKA, children.get(KAFKA).pid());
        pids.put(POSTGRES, postgres.pid());
    }

    private static String withoutSlash(URI address) {
        var text = address.toString();
        return text.substring(0, text.length() - 1);
    }

    private static String properties(Map<String, String> settings) {
        var text = new StringBuilder();
        settings.forEach((key, value) -> text.append(key)
                .append('=')
                .append(value.replace("\\", "\\\\").replace("$", "\\\\$"))
                .append('\n'));
        return text.toString();
    }
}
