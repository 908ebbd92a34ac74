package io.offshoot.executorkit.lane;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.orchestrator.OrchestratorConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The lanes of this executor's credentials: one each, whichever connections have it. Thread-safe. */
@Singleton
public class Paces {

    private static final String HMAC = "HmacSHA256";
    private static final int ID_BYTES = 16;

    private final Limits limits;
    private final String key;
    private final Time time;
    private final Map<String, Pace> byLane = new ConcurrentHashMap<>();

    @Inject
    Paces(LaneConfig config, OrchestratorConfig orchestrator, Time time) {
        this(Limits.of(config), config.key().orElse(orchestrator.token()), time);
    }

    /** @param key the secret that ids are made with; never printed */
    public Paces(Limits limits, String key, Time time) {
        this.limits = limits;
        this.key = key;
        this.time = time;
    }

    /** The id of a token's lane: the same for the same token, and nothing can be told from it. */
    public String laneOf(String token) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(("lane\n" + key).getBytes(StandardCharsets.UTF_8), HMAC));
            var id = mac.doFinal(token.getBytes(StandardCharsets.UTF_8));
            return "token-" + HexFormat.of().formatHex(id, 0, ID_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", impossible);
        }
    }

    public Pace of(String lane) {
        return byLane.computeIfAbsent(lane, id -> new Pace(limits, time));
    }

    /** A lane as the orchestrator is told of it. */
    public Announcement.Lane announced(String lane) {
        return new Announcement.Lane(
                lane,
                limits.liveAtMost(),
                limits.windows().stream()
                        .map(window -> new Announcement.Window(
                                window.writes(), window.length().toMillis()))
                        .toList(),
                limits.shortestBlock().toMillis(),
                limits.longestBlock().toMillis());
    }
}
