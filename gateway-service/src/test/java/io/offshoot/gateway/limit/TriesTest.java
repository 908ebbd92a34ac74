package io.offshoot.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.offshoot.contracts.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TriesTest {

    private static final String HERE = "192.0.2.1";
    private static final String ELSEWHERE = "192.0.2.2";

    private final MovableClock clock = new MovableClock();
    private final Tries tries = new Tries(3, 2, Duration.ofSeconds(60), clock);

    private static byte[] hash(String token) {
        return Arrays.copyOf(token.getBytes(StandardCharsets.UTF_8), 32);
    }

    private void badFrom(String address, int times) {
        for (int i = 0; i < times; i++) {
            tries.mayTry(address, hash("wrong " + i));
            tries.bad(address);
        }
    }

    private TooManyRequests refused(String address, String token) {
        return catchThrowableOfType(TooManyRequests.class, () -> tries.mayTry(address, hash(token)));
    }

    @Test
    void afterTooManyNoTokenOfTheAddressIsLookedAt() {
        badFrom(HERE, 3);
        clock.move(Duration.ofSeconds(20));

        var refused = refused(HERE, "perhaps right");

        assertThat(refused.problem().code()).isEqualTo(ProblemType.TOO_MANY_TRIES.code());
        assertThat(refused.headers())
                .containsEntry("Retry-After", "40")
                .containsEntry("RateLimit", "\"bad-tries\";r=0;t=40")
                .containsEntry("RateLimit-Policy", "\"bad-tries\";q=3;w=60");
    }

    @Test
    void anotherAddressIsNotAffected() {
        badFrom(HERE, 3);

        assertThat(refused(ELSEWHERE, "good")).isNull();
    }

    @Test
    void whoWasGoodFromTheSameAddressBeforeIsNotShutOut() {
        tries.good(HERE, hash("good"));
        badFrom(HERE, 3);

        assertThat(refused(HERE, "good")).isNull();
    }

    @Test
    void aTokenThatWasGoodAndIsNotAnyMoreIsLikeAnyOther() {
        tries.good(HERE, hash("good"));
        badFrom(HERE, 3);
        tries.forget(HERE, hash("good"));

        assertThat(refused(HERE, "good")).isNotNull();
    }

    @Test
    void itIsOverWithTheTime() {
        badFrom(HERE, 3);
        clock.move(Duration.ofSeconds(60));

        assertThat(refused(HERE, "good")).isNull();
    }

    @Test
    void wrongTriesOfOneTokenAreCountedFromAllAddressesTogether() {
        tries.badOf("0123456789ab");

        var refused = catchThrowableOfType(TooManyRequests.class, () -> tries.badOf("0123456789ab"));

        assertThat(refused.headers()).containsEntry("RateLimit-Policy", "\"bad-tries-of-token\";q=2;w=60");
        assertThatCode(() -> tries.badOf("another00000")).doesNotThrowAnyException();
    }

    @Test
    void allAddressesOfAnIpv6NetworkAreOne() {
        badFrom("2001:db8:0:1::1", 3);

        assertThat(refused("2001:db8:0:1:ffff::2", "good")).isNotNull();
        assertThat(refused("2001:db8:0:2::1", "good")).isNull();
        assertThat(refused("2001:db8::1:0:0:0:9", "good")).isNotNull();
    }

    @Test
    void anIpv4AddressInIpv6IsThatAddress() {
        badFrom("::ffff:192.0.2.1", 3);

        assertThat(refused(HERE, "good")).isNotNull();
    }
}
