package io.offshoot.gateway;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** Gives a test a fake orchestrator and the credentials of two hubs; the token of each is its name. */
public final class Surroundings implements QuarkusTestResourceLifecycleManager {

    private static FakeOrchestrator orchestrator;

    private Map<String, String> more = Map.of();

    /** The fake of the test that runs. */
    public static FakeOrchestrator orchestrator() {
        return orchestrator;
    }

    /** What a test wants otherwise. */
    @Override
    public void init(Map<String, String> wanted) {
        more = Map.copyOf(wanted);
    }

    @Override
    public Map<String, String> start() {
        orchestrator = new FakeOrchestrator();
        var config = new HashMap<String, String>();
        config.put("offshoot.orchestrator.url", orchestrator.url());
        config.put("offshoot.orchestrator.token", FakeOrchestrator.TOKEN);
        credential(config, "north-owner", "north", "OWNER");
        credential(config, "north-member", "north", "MEMBER");
        credential(config, "platform", "north", "OPERATOR");
        credential(config, "south-owner", "south", "OWNER");
        config.put("offshoot.gateway.heartbeat", "300ms");
        config.put("offshoot.gateway.github-app.slug", "offshoot-test");
        config.put("offshoot.gateway.max-streams", "3");
        // The orchestrator here changes its mind without an event.
        config.put("offshoot.gateway.polls-kept", "0s");
        config.put("offshoot.secrets.keysets-kept", "0s");
        config.put("offshoot.secrets.digest-key", "c2V2ZW50ZWVuLWJ5dGVzLWFyZS1ub3QtZW5vdWdoLXRoaXMtaXM=");
        config.put("offshoot.secrets.pinned.pinned-provider", "no-key-has-this,nor-this");
        config.put("offshoot.limits.bad-tries", "100000");
        config.put("offshoot.limits.bad-tries-of-token", "100000");
        config.putAll(more);
        return config;
    }

    @Override
    public void stop() {
        if (orchestrator != null) {
            orchestrator.close();
        }
    }

    private static void credential(Map<String, String> config, String name, String hub, String role) {
        var prefix = "offshoot.credentials." + name + ".";
        config.put(prefix + "hub", hub);
        config.put(prefix + "role", role);
        config.put(prefix + "token-sha256", sha256(name));
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
