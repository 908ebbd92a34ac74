package io.offshoot.localstack.demo;

import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.process.Terminal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Deploys the example as any client would, and shows how it goes. */
public final class Demo {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final DeploymentApi api;
    private final URI gateway;
    private final Path example;
    private final Terminal terminal;

    public Demo(URI gateway, String token, Path example, Terminal terminal) {
        this.api = new DeploymentApi(gateway, token);
        this.gateway = gateway;
        this.example = example;
        this.terminal = terminal;
    }

    /** Deploys it, or takes up what an earlier run has begun, and returns when nothing runs any more. */
    public DeploymentView show(DemoDeployment demo) throws StackException, InterruptedException, IOException {
        if (demo.isOlderThan(example)) {
            terminal.say(
                    "%s has changed since this data folder deployed it; choose another folder with --data to deploy it anew."
                            .formatted(example.getFileName()));
        }
        var began = System.nanoTime();
        var deployment = confirmed(() -> api.create(demo.body(), demo.key()));
        terminal.say(heading(deployment));
        if (deployment.status() == PublicStatus.DONE || deployment.status() == PublicStatus.ERROR) {
            summarise(deployment);
            return deployment;
        }
        var request = deployment.status() == PublicStatus.IDLE ? run(deployment.id()) : null;
        var progress = new Progress(terminal::say);
        var rested = new Watch(api, deployment.id(), progress, began, deployment.seq()).untilItRests(request);
        summarise(rested);
        return rested;
    }

    private UUID run(UUID deployment) throws StackException, InterruptedException, IOException {
        var key = UUID.randomUUID().toString();
        return confirmed(() -> api.run(deployment, key));
    }

    private interface Request<T> {
        T send() throws StackException, InterruptedException, IOException;
    }

    /** Repeats a request with a key while it is not confirmed: a machine that has just started all this can be slow. */
    private <T> T confirmed(Request<T> request) throws StackException, InterruptedException, IOException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return request.send();
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** Why the deployment is no success; empty if it is done and both sites show what this folder's demo put in. */
    public Optional<String> shortcoming(DemoDeployment demo, DeploymentView deployment) throws InterruptedException {
        if (deployment.status() != PublicStatus.DONE) {
            return Optional.of("The deployment did not get done; it is in %s."
                    .formatted(deployment.status().word()));
        }
        var sites = Site.of(deployment);
        if (sites.size() < deployment.apps().size()) {
            return Optional.of("The deployment is done, but not every app has an address.");
        }
        var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        for (var site : sites) {
            var missing = site.missing(http, List.of(demo.inputMark(), demo.envMark()));
            if (missing.isPresent()) {
                return missing.map(what -> "The deployment is done, but " + what + ".");
            }
        }
        return Optional.empty();
    }

    private static String heading(DeploymentView deployment) {
        return switch (deployment.status()) {
            case IDLE -> "Deploying the example (deployment %s)".formatted(deployment.id());
            case RUNNING -> "The example's deployment %s was under way and goes on".formatted(deployment.id());
            case DONE, ERROR -> "The example is deployment %s, from an earlier run".formatted(deployment.id());
        };
    }

    private void summarise(DeploymentView deployment) {
        terminal.say("The deployment is %s".formatted(deployment.status().word()));
        for (var app : deployment.apps()) {
            for (var action : app.actions()) {
                if (action.error() != null && action.status() == PublicStatus.ERROR) {
                    terminal.say("  %s %s failed: %s"
                            .formatted(
                                    app.appId(),
                                    action.actionId(),
                                    action.error().message()));
                }
            }
        }
        for (var site : Site.of(deployment)) {
            terminal.say("  %-10s %s".formatted(site.app(), site.address()));
        }
        if (deployment.status() == PublicStatus.ERROR) {
            terminal.say(
                    "  To go on from what failed: curl -X POST -H 'Authorization: Bearer <token>' %sapi/v1/deployments/%s/resume"
                            .formatted(gateway, deployment.id()));
        }
    }
}
