package io.offshoot.gateway.secret;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.secret.PublicKeyset;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.sealing.Recipient;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * With what secrets are sealed for each provider's executor: what these announced, and where keys are pinned, only those.
 * Asked for anew every few seconds. Thread-safe.
 */
@Singleton
public class Recipients {

    private record Known(Instant at, Map<String, Recipient> recipients) {}

    private final Orchestrator orchestrator;
    private final SecretsConfig config;
    private final Clock clock;
    private volatile Known known;

    Recipients(Orchestrator orchestrator, SecretsConfig config, Clock clock) {
        this.orchestrator = orchestrator;
        this.config = config;
        this.clock = clock;
    }

    /** By provider. One whose key cannot be used, or is not one of those pinned, is not there. */
    public Uni<Map<String, Recipient>> all() {
        var kept = known;
        if (kept != null && kept.at().plus(config.keysetsKept()).isAfter(clock.instant())) {
            return Uni.createFrom().item(kept.recipients());
        }
        return orchestrator.keysets().map(this::usable).invoke(found -> known = new Known(clock.instant(), found));
    }

    /**
     * Those of these providers.
     *
     * @throws ProblemException as the failure, if nothing can be sealed for one of them
     */
    public Uni<Map<String, Recipient>> of(List<String> providers) {
        return all().map(found -> {
            var wanted = new TreeMap<String, Recipient>();
            for (String provider : providers) {
                var recipient = found.get(provider);
                if (recipient == null) {
                    throw new ProblemException(
                            ProblemType.SEALING_UNAVAILABLE, "Nothing can be sealed for %s now.".formatted(provider));
                }
                wanted.put(provider, recipient);
            }
            return wanted;
        });
    }

    private Map<String, Recipient> usable(List<PublicKeyset> published) {
        var usable = new TreeMap<String, Recipient>();
        for (PublicKeyset one : published) {
            try {
                var recipient = Recipient.of(one);
                var pinned = config.pinned().get(one.provider());
                if (pinned == null || pinned.contains(recipient.fingerprint())) {
                    usable.put(one.provider(), recipient);
                } else {
                    Log.errorf("%s is announced, and is not one of the keys that are pinned", recipient);
                }
            } catch (IllegalArgumentException e) {
                Log.errorf("The keyset announced for %s cannot be used: %s", one.provider(), e.getMessage());
            }
        }
        return Map.copyOf(usable);
    }
}
