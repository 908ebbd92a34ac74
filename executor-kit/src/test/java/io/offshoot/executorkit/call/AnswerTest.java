package io.offshoot.executorkit.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

    private static final Instant THEIRS = Instant.parse("2026-03-04T10:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"2026-03-04T09:00:00Z", "2026-03-04T10:00:00Z", "2026-03-04T11:00:00Z"})
    void aSecondOfTheProvidersClockIsAsFarAwayAsTheProviderSaysWhateverOurClockShows(Instant ours) {
        var answer = answer(Map.of("Date", "Wed, 04 Mar 2026 10:00:00 GMT"));

        assertThat(answer.until(THEIRS.getEpochSecond() + 90, ours)).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aProviderThatDoesNotSayTheTimeIsAssumedToHaveOurs() {
        var second = THEIRS.getEpochSecond() + 90;

        assertThat(answer(Map.of()).until(second, THEIRS)).isEqualTo(Duration.ofSeconds(90));
        assertThat(answer(Map.of("Date", "soon")).until(second, THEIRS)).isEqualTo(Duration.ofSeconds(90));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "17                            | 17",
                "0                             | 0",
                "Wed, 04 Mar 2026 10:01:30 GMT | 90",
                "Wed, 04 Mar 2026 09:59:00 GMT | 0",
                "-5                            | ",
                "1.5                           | ",
                "soon                          | ",
                "99999999999999999999          | ",
            })
    void aPauseIsReadInSecondsOrAsATimeOfTheProvidersClock(String retryAfter, Long seconds) {
        var answer = answer(Map.of("Retry-After", retryAfter, "Date", "Wed, 04 Mar 2026 10:00:00 GMT"));

        assertThat(answer.retryAfter().map(Duration::toSeconds)).isEqualTo(Optional.ofNullable(seconds));
    }

    @Test
    void aPauseUntilATimeIsUnknownWhereTheProviderDoesNotSayWhatTimeItIs() {
        assertThat(answer(Map.of("Retry-After", "Wed, 04 Mar 2026 10:01:30 GMT"))
                        .retryAfter())
                .isEmpty();
    }

    private static Answer answer(Map<String, String> headers) {
        return new Answer(429, headers::get, MissingNode.getInstance());
    }
}
