package io.offshoot.localstack.chaos;

import static io.offshoot.localstack.chaos.ChaosOptions.CALL_TIMEOUT;
import static io.offshoot.localstack.chaos.ChaosOptions.DEADLINE;
import static io.offshoot.localstack.chaos.ChaosOptions.LEASE;
import static io.offshoot.localstack.chaos.ChaosOptions.PROBE_AFTER_UNCERTAIN;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.Service;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Lets clients deploy while the system's processes are killed, held and restarted and its calls to the providers go
 * wrong; then stops doing so, waits until all is done, and looks whether anything is lost or there twice. The sandbox
 * is the witness and stays unharmed.
 */
public final class ChaosRun {

    private static final Duration READ_JOURNAL = Duration.ofMinutes(2);
    private static final Duration PART = Duration.ofSeconds(10);

    private final ChaosOptions options;
    private final Consumer<String> told;
    private final String slug;

    /** @param told hears what happens, line by line */
    public ChaosRun(ChaosOptions options, Consumer<String> told) {
        this.options = options;
        this.told = told;
        // Twice on the same data they must not meet.
        this.slug = "chaos-%d-%s".formatted(options.seed(), Long.toString(System.currentTimeMillis() / 1000, 36));
    }

    public ChaosResult run() throws StackException, IOException, SQLException, InterruptedException {
        told.accept("Seed %d; %.1f minutes, time scale %s, data in %s"
                .formatted(options.seed(), options.time().toMillis() / 60_000.0, options.timeScale(), options.data()));
        told.accept("Shorter than usual: lease %d s, call timeout %d s, probe of a call without answer after %d s"
                .formatted(LEASE.toSeconds(), CALL_TIMEOUT.toSeconds(), PROBE_AFTER_UNCERTAIN.toSeconds()));
        var quiet = new Terminal(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), false);
        var running = new AtomicReference<LocalStack>();
        try (var wire = FaultyWire.to(
                () -> running.get().sandboxPort(),
                call -> CallFault.of(options.seed(), call),
                CALL_TIMEOUT.multipliedBy(2))) {
            try (var stack = new LocalStack(stackOptions(wire.port()), quiet)) {
                running.set(stack);
                var stop = new Thread(stack::close, "stop");
                Runtime.getRuntime().addShutdownHook(stop);
                stack.start();
                return disturb(stack, wire);
            }
        }
    }

    private ChaosResult disturb(LocalStack stack, FaultyWire wire)
            throws IOException, SQLException, InterruptedException {
        stack.sandbox()
                .put(
                        "/settings",
                        Messages.json()
                                .createObjectNode()
                                .put("githubRateLimit", 1_000_000)
                                .put("vercelRateLimit", 1_000_000));
        var example = (ObjectNode)
                Messages.json().readTree(Files.readString(options.root().resolve("examples/docs-site.json")));
        var began = System.nanoTime();
        var effects = new Effects(stack.sandbox(), slug);
        try (var takeovers = new Takeovers(stack.jdbc());
                var load = new Load(new DeploymentApi(stack.gateway(), stack.token()), example, slug, options.seed());
                var disturber = new Disturber(
                        stack,
                        takeovers,
                        what -> told.accept("%6.1f s  %s".formatted((System.nanoTime() - began) / 1e9, what)))) {
            var targets = targets(stack);
            load.begin(ChaosOptions.BETWEEN_DEPLOYMENTS);
            var plan = new Plan(options.seed(), targets, options.failpoints(), LocalStack.POSTGRES, LEASE);
            disturb(disturber, plan, effects, options.time());
            for (var longer = ChaosOptions.LONGER; !missed(disturber, targets).isEmpty() && longer.toSeconds() > 0; ) {
                disturb(disturber, plan, effects, PART);
                longer = longer.minus(PART);
            }
            load.end();
            wire.heal();
            told.accept("No more harm; waiting until all is done");
            disturber.settle(DEADLINE);
            var inTime = load.awaitAll(DEADLINE);
            return judge(stack, wire, load, disturber, takeovers, effects, inTime);
        }
    }

    /** All but the witness. */
    private static List<String> targets(LocalStack stack) {
        return stack.names().stream()
                .filter(name -> !name.equals(Service.PROVIDER_SANDBOX.module()))
                .toList();
    }

    /** Reads the sandbox's journal meanwhile, which keeps only its last entries. */
    private static void disturb(Disturber disturber, Plan plan, Effects effects, Duration time)
            throws IOException, InterruptedException {
        for (var left = time; !left.isZero(); ) {
            var part = left.compareTo(READ_JOURNAL) < 0 ? left : READ_JOURNAL;
            disturber.run(plan, ChaosOptions.BETWEEN_BLOWS, part);
            effects.read();
            left = left.minus(part);
        }
    }

    /**
     * What has not had its turn: each process is to be killed, and one to halt at each failpoint. Of a run without
     * failpoints nothing is asked.
     */
    private List<String> missed(Disturber disturber, List<String> targets) {
        if (options.failpoints().isEmpty()) {
            return List.of();
        }
        var missed = new ArrayList<String>(targets);
        missed.removeAll(disturber.struck());
        options.failpoints().stream()
                .filter(point -> !disturber.halted().contains(point))
                .forEach(point -> missed.add(point.name()));
        return missed;
    }

    private ChaosResult judge(
            LocalStack stack,
            FaultyWire wire,
            Load load,
            Disturber disturber,
            Takeovers takeovers,
            Effects effects,
            boolean inTime)
            throws IOException, SQLException, InterruptedException {
        var deployments = load.deployments();
        var found = effects.compare(deployments.values());
        var lost = new ArrayList<>(found.lost());
        deployments.forEach((id, view) -> {
            if (view.status() != PublicStatus.DONE) {
                lost.add("the run of %s is %s".formatted(id, view.status()));
            }
        });
        var violations = new ArrayList<String>();
        if (!inTime) {
            violations.add("not all was done %d s after the last blow".formatted(DEADLINE.toSeconds()));
        }
        found.duplicates().forEach(duplicate -> violations.add("duplicate: " + duplicate));
        lost.forEach(loss -> violations.add("lost: " + loss));
        violations.addAll(disturber.surprises());
        missed(disturber, targets(stack)).forEach(one -> violations.add("never killed or reached: " + one));
        load.refusals().forEach(refusal -> violations.add("refused: " + refusal));
        var checks = new Checks(stack);
        violations.addAll(checks.violations(load.accepted()));
        var recovery = new TreeMap<String, ChaosResult.Times>();
        disturber.recoveries().forEach((name, samples) -> recovery.put(name, ChaosResult.Times.of(samples)));
        return new ChaosResult(
                disturber.kills(),
                checks.steps(),
                found.duplicates().size(),
                found.reconciled(),
                lost.size(),
                ChaosResult.Times.of(takeovers.samples()),
                recovery,
                counts(wire, load, disturber),
                violations);
    }

    private Map<String, Object> counts(FaultyWire wire, Load load, Disturber disturber) {
        var counts = new LinkedHashMap<String, Object>();
        counts.put("kill -9", disturber.count(Blow.Kind.KILL));
        counts.put("stop and start", disturber.count(Blow.Kind.RESTART));
        counts.put("halted at a failpoint", disturber.halted().size());
        counts.put("different failpoints", Set.copyOf(disturber.halted()).size());
        counts.put("processes struck", String.join(", ", disturber.struck()));
        counts.put("held for more than a lease", disturber.count(Blow.Kind.FREEZE));
        counts.put("sessions terminated", disturber.count(Blow.Kind.SESSIONS));
        for (var fault : CallFault.values()) {
            counts.put("calls: " + fault.name().toLowerCase(Locale.ROOT).replace('_', ' '), wire.count(fault));
        }
        counts.put("deployments", load.deployments().size());
        counts.put("requests repeated by clients", load.repeats());
        counts.put("resumed after an error", load.resumes() == 0 ? 0 : load.resumes() + " " + load.failures());
        return counts;
    }

    private StackOptions stackOptions(int wirePort) {
        var executor = Map.of(
                "offshoot.orchestrator.timeout", "1500ms",
                "offshoot.executor.call-timeout", CALL_TIMEOUT.toString(),
                "offshoot.executor.settle", "500ms");
        var github = new LinkedHashMap<>(executor);
        github.put("offshoot.github.url", "http://127.0.0.1:%d/github".formatted(wirePort));
        var vercel = new LinkedHashMap<>(executor);
        vercel.put("offshoot.vercel.url", "http://127.0.0.1:%d/vercel".formatted(wirePort));
        vercel.put("offshoot.vercel.late-writes", LEASE.plusSeconds(2).toString());
        return StackOptions.of(options.root(), options.data(), options.port())
                .withTimeScale(options.timeScale())
                .withFailpoints()
                .withReplicas(Map.of(
                        Service.ORCHESTRATOR_SERVICE.module(), 2,
                        Service.GITHUB_EXECUTOR.module(), 2,
                        Service.VERCEL_EXECUTOR.module(), 2))
                .withSettings(Map.of(
                        Service.ORCHESTRATOR_SERVICE.module(),
                        Map.of(
                                "offshoot.timing.lease", LEASE.toString(),
                                "offshoot.timing.retry-delay", "PT1S",
                                "offshoot.timing.probe-after-uncertain", PROBE_AFTER_UNCERTAIN.toString(),
                                "offshoot.timing.resend-after", "PT5S",
                                "offshoot.timing.resend-at-most", "PT20S"),
                        Service.GITHUB_EXECUTOR.module(),
                        github,
                        Service.VERCEL_EXECUTOR.module(),
                        vercel));
    }
}
