package io.offshoot.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.offshoot.contracts.problem.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;

/**
 * Counts wrong tokens: after too many from one address none of its tokens is looked at for a while, but for those that
 * were good from there before; so nobody can shut out the others of a community centre. Wrong tries with a token's id
 * are counted too, whatever address they come from; its holder is not affected, for a good token is good. Bounded in
 * memory.
 */
@Singleton
public class Tries {

    private static final int MOST = 50_000;
    private static final Duration GOOD_FOR = Duration.ofHours(12);

    private record Window(long endsAt, int bad) {}

    private record Good(String network, long one, long other) {}

    private final int mostOfAddress;
    private final int mostOfToken;
    private final Duration within;
    private final Clock clock;
    private final Cache<String, Window> addresses =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private final Cache<String, Window> tokens =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private final Cache<Good, Boolean> good =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(GOOD_FOR).build();

    @Inject
    Tries(LimitsConfig config, Clock clock) {
        this(config.badTries(), config.badTriesOfToken(), config.triesWithin(), clock);
    }

    Tries(int mostOfAddress, int mostOfToken, Duration within, Clock clock) {
        this.mostOfAddress = mostOfAddress;
        this.mostOfToken = mostOfToken;
        this.within = within;
        this.clock = clock;
    }

    /** @param hash of the token that is tried @throws TooManyRequests if it is not to be looked at */
    public void mayTry(String address, byte[] hash) {
        var network = Address.network(address);
        if (isOver(addresses, network, mostOfAddress) && good.getIfPresent(key(network, hash)) == null) {
            throw tooMany(addresses, network, mostOfAddress, "bad-tries");
        }
    }

    /** The same for what is no token: a signature, say. */
    public void mayTry(String address) {
        mayTry(address, new byte[0]);
    }

    /** The token that was tried is good. */
    public void good(String address, byte[] hash) {
        var key = key(Address.network(address), hash);
        if (good.getIfPresent(key) == null) {
            good.put(key, true);
        }
    }

    /** What was tried is nothing that we know. */
    public void bad(String address) {
        count(addresses, Address.network(address));
    }

    /** What was tried names a token and is not it, or not any more. @throws TooManyRequests after too many */
    public void badOf(String id) {
        count(tokens, id);
        if (isOver(tokens, id, mostOfToken)) {
            throw tooMany(tokens, id, mostOfToken, "bad-tries-of-token");
        }
    }

    /** The token was good before, and is not any more. */
    public void forget(String address, byte[] hash) {
        good.invalidate(key(Address.network(address), hash));
    }

    private void count(Cache<String, Window> windows, String whose) {
        var now = clock.millis();
        windows.asMap()
                .compute(
                        whose,
                        (key, window) -> window == null || window.endsAt() <= now
                                ? new Window(now + within.toMillis(), 1)
                                : new Window(window.endsAt(), window.bad() + 1));
    }

    private boolean isOver(Cache<String, Window> windows, String whose, int most) {
        var window = windows.getIfPresent(whose);
        return window != null && window.bad() >= most && window.endsAt() > clock.millis();
    }

    private TooManyRequests tooMany(Cache<String, Window> windows, String whose, int most, String policy) {
        var window = windows.getIfPresent(whose);
        var millis = window == null ? 0 : window.endsAt() - clock.millis();
        return new TooManyRequests(
                ProblemType.TOO_MANY_TRIES, policy, most, within.toSeconds(), 0, (millis + 999) / 1_000);
    }

    private static Good key(String network, byte[] hash) {
        if (hash.length < 16) {
            return new Good(network, 0, 0);
        }
        var longs = ByteBuffer.wrap(hash);
        return new Good(network, longs.getLong(), longs.getLong());
    }
}
