package io.offshoot.localstack.stack;

import io.offshoot.backends.PostgresServer;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.data.DataFolder;
import io.offshoot.localstack.data.Ports;
import io.offshoot.localstack.data.Secrets;
import io.offshoot.sealing.Opener;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** What each process is told: addresses, tokens and times. Chosen once per data folder where that is possible. */
final class Settings {

    static final String HUB = "example";
    static final String ORGANIZATION = "example-hub";
    static final String UPSTREAM_OWNER = "offshoot-upstream";
    static final String UPSTREAM = UPSTREAM_OWNER + "/docs-site";
    static final String TEAM_ID = "team_example";
    static final String DATABASE = "orchestrator";
    static final String GATEWAY_DATABASE = "gateway";

    // How long an executor lets the provider work before it looks again, when the time scale is 1.
    private static final Duration LOOK_AFTER = Duration.ofSeconds(2);
    private static final Duration DOMAIN_LOOK_AFTER = Duration.ofSeconds(10);
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(200);

    private final StackOptions options;
    private final Path sandboxData;

    final int gatewayPort;
    final int sandboxPort;
    final int kafkaPort;
    final int kafkaControllerPort;
    final int postgresPort;

    private final Map<String, Integer> memberPorts;
    private int orchestratorPort;

    final String operatorToken;
    final String sandboxGithubToken;
    final String sandboxVercelToken;
    final String controlToken;
    private final Path receiptKey;
    private final Map<Service, String> serviceTokens = new EnumMap<>(Service.class);
    private final Map<Service, Path> keysets = new EnumMap<>(Service.class);
    private final String digestKey;

    Settings(StackOptions options, DataFolder folder, Ports ports, Secrets secrets, int postgresPort)
            throws IOException, StackException {
        this.options = options;
        this.sandboxData = folder.resolve("sandbox");
        this.gatewayPort = options.port();
        this.sandboxPort = ports.same("provider-sandbox", "sandbox with its sites");
        this.postgresPort = postgresPort;
        this.kafkaPort = ports.free("kafka");
        this.kafkaControllerPort = ports.free("kafka-controller");
        this.memberPorts = new LinkedHashMap<>();
        for (var service :
                new Service[] {Service.ORCHESTRATOR_SERVICE, Service.GITHUB_EXECUTOR, Service.VERCEL_EXECUTOR}) {
            for (int replica = 1; replica <= options.replicas().getOrDefault(service.module(), 1); replica++) {
                var name = Member.of(service, replica).name();
                memberPorts.put(name, ports.free(name));
            }
        }
        this.orchestratorPort = memberPorts.get(Service.ORCHESTRATOR_SERVICE.module());
        this.operatorToken = secrets.token("operator", "off_");
        this.sandboxGithubToken = secrets.token("sandbox-github", "ghs_sandbox_");
        this.sandboxVercelToken = secrets.token("sandbox-vercel", "vcs_sandbox_");
        this.controlToken = secrets.token("sandbox-control", "ctl_");
        this.receiptKey = secrets.signingKey("receipt-key");
        for (var service : new Service[] {Service.GATEWAY_SERVICE, Service.GITHUB_EXECUTOR, Service.VERCEL_EXECUTOR}) {
            serviceTokens.put(service, secrets.token(service.module(), "svc_"));
        }
        for (var service : Service.values()) {
            if (service.provider().isPresent()) {
                keysets.put(service, keyset(folder, service.provider().get()));
            }
        }
        this.digestKey = Base64.getEncoder()
                .encodeToString(HexFormat.of().parseHex(Secrets.sha256(secrets.token("secrets-digest", ""))));
    }

    /** One for each provider, made once: its replicas have the same. */
    private static Path keyset(DataFolder folder, String provider) throws IOException, StackException {
        var file = folder.directory("keysets").resolve(provider + ".json");
        if (!Files.exists(file)) {
            Opener.generate(provider).write(file);
        }
        return file;
    }

    int port(Member member) {
        return switch (member.service()) {
            case PROVIDER_SANDBOX -> sandboxPort;
            case GATEWAY_SERVICE -> gatewayPort;
            case ORCHESTRATOR_SERVICE, GITHUB_EXECUTOR, VERCEL_EXECUTOR -> memberPorts.get(member.name());
        };
    }

    /** The other services ask for the orchestrator there. */
    void orchestratorIsAt(int port) {
        orchestratorPort = port;
    }

    URI local(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    String kafka() {
        return "127.0.0.1:" + kafkaPort;
    }

    Map<String, String> of(Member member) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("quarkus.http.host", "127.0.0.1");
        settings.put("quarkus.banner.enabled", "false");
        settings.put("quarkus.console.color", "false");
        settings.put("quarkus.log.console.format", "%d{HH:mm:ss.SSS} %-5p %c{1}: %s %X%e%n");
        // Else every look at a service that is not ready yet is a line.
        settings.put("quarkus.log.category.\"io.smallrye.health\".level", "WARN");
        settings.put("quarkus.log.category.\"io.quarkus\".level", "WARN");
        switch (member.service()) {
            case PROVIDER_SANDBOX -> sandbox(settings);
            case ORCHESTRATOR_SERVICE -> orchestrator(settings);
            case GATEWAY_SERVICE -> gateway(settings);
            case GITHUB_EXECUTOR -> {
                executor(settings, member);
                github(settings);
            }
            case VERCEL_EXECUTOR -> {
                executor(settings, member);
                vercel(settings);
            }
        }
        settings.putAll(options.settings().getOrDefault(member.service().module(), Map.of()));
        return settings;
    }

    private void sandbox(Map<String, String> settings) {
        settings.put("sandbox.data", sandboxData.toString());
        settings.put("sandbox.time-scale", Double.toString(options.timeScale()));
        settings.put("sandbox.github.organization", ORGANIZATION);
        settings.put("sandbox.github.token", sandboxGithubToken);
        settings.put("sandbox.github.upstream-owner", UPSTREAM_OWNER);
        settings.put("sandbox.vercel.team-id", TEAM_ID);
        settings.put("sandbox.vercel.team-slug", ORGANIZATION);
        settings.put("sandbox.vercel.token", sandboxVercelToken);
        settings.put("sandbox.control-token", controlToken);
    }

    private void orchestrator(Map<String, String> settings) {
        settings.put("kafka.bootstrap.servers", kafka());
        database(settings, DATABASE);
        settings.put("offshoot.receipt.key", receiptKey.toAbsolutePath().toString());
        settings.put("offshoot.receipt.builder", "https://offshoot.io/platforms/local");
        serviceTokens.forEach((service, token) -> {
            var prefix = "offshoot.services." + service.module() + ".";
            settings.put(prefix + "token-sha256", Secrets.sha256(token));
            service.provider().ifPresent(provider -> settings.put(prefix + "provider", provider));
        });
    }

    private void gateway(Map<String, String> settings) {
        settings.put("kafka.bootstrap.servers", kafka());
        database(settings, GATEWAY_DATABASE);
        settings.put("offshoot.orchestrator.url", local(orchestratorPort, "").toString());
        settings.put("offshoot.orchestrator.token", serviceTokens.get(Service.GATEWAY_SERVICE));
        settings.put("offshoot.secrets.digest-key", digestKey);
        settings.put("offshoot.gateway.url", local(gatewayPort, "").toString());
        settings.put("offshoot.credentials.operator.hub", HUB);
        settings.put("offshoot.credentials.operator.role", "OPERATOR");
        settings.put("offshoot.credentials.operator.token-sha256", Secrets.sha256(operatorToken));
    }

    private void database(Map<String, String> settings, String name) {
        settings.put("quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:%d/%s".formatted(postgresPort, name));
        settings.put("quarkus.datasource.username", PostgresServer.USER);
        settings.put("quarkus.datasource.password", PostgresServer.PASSWORD);
    }

    private void executor(Map<String, String> settings, Member member) {
        settings.put("kafka.bootstrap.servers", kafka());
        settings.put("offshoot.orchestrator.url", local(orchestratorPort, "").toString());
        settings.put("offshoot.orchestrator.token", serviceTokens.get(member.service()));
        settings.put("offshoot.executor.name", member.name());
        settings.put(
                "offshoot.executor.sealing.keyset",
                keysets.get(member.service()).toString());
        // The sandbox plays faster, and its limits are as much shorter.
        settings.put("offshoot.lanes.time-scale", Double.toString(scale()));
    }

    private void github(Map<String, String> settings) {
        var live = options.live();
        settings.put(
                "offshoot.github.url",
                live.map(accounts -> "https://api.github.com")
                        .orElseGet(() -> local(sandboxPort, "/github").toString()));
        settings.put("offshoot.github.connections.example.hub", HUB);
        settings.put(
                "offshoot.github.connections.example.organization",
                live.map(LiveAccounts::organization).orElse(ORGANIZATION));
        settings.put(
                "offshoot.github.connections.example.token",
                live.map(LiveAccounts::githubToken).orElse(sandboxGithubToken));
        settings.put("offshoot.github.look-after", scaled(LOOK_AFTER));
    }

    private void vercel(Map<String, String> settings) {
        var live = options.live();
        settings.put(
                "offshoot.vercel.url",
                live.map(accounts -> "https://api.vercel.com")
                        .orElseGet(() -> local(sandboxPort, "/vercel").toString()));
        settings.put("offshoot.vercel.connections.example.hub", HUB);
        settings.put(
                "offshoot.vercel.connections.example.team-id",
                live.map(LiveAccounts::team).orElse(TEAM_ID));
        settings.put(
                "offshoot.vercel.connections.example.token",
                live.map(LiveAccounts::vercelToken).orElse(sandboxVercelToken));
        settings.put("offshoot.vercel.look-after", scaled(LOOK_AFTER));
        settings.put("offshoot.vercel.domain-look-after", scaled(DOMAIN_LOOK_AFTER));
        settings.put(
                "offshoot.vercel.site-url",
                live.map(accounts -> "https://{host}/").orElseGet(() -> local(sandboxPort, "/sites/") + "{host}/"));
    }

    private double scale() {
        return options.live().isPresent() ? 1 : options.timeScale();
    }

    private String scaled(Duration lifelike) {
        var scaled = Duration.ofMillis(Math.round(lifelike.toMillis() * scale()));
        return (scaled.compareTo(SHORTEST_LOOK) < 0 ? SHORTEST_LOOK : scaled).toString();
    }
}
