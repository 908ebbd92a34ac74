package io.offshoot.orchestrator.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.message.StepState;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TransitionsTest {

    /** The whole table: a row a state, a column a signal; a dot where the signal means nothing. */
    private static final String TABLE = """
            .          ASKED   RERUN   READY      LANE_FULL NEED_LOST CLAIMED DONE      UNDONE STILL_WAITING FAILED_FOR_NOW FAILED_FOR_GOOD HANDED_BACK LEASE_LAPSED DUE        CANCEL    CANCEL_UNDER_WAY STOPPED   DEADLINE
            IDLE       BLOCKED .       .          .         .         .       .         .      .             .              .               .           .            .          .         .                .         .
            BLOCKED    .       .       DISPATCHED QUEUED    SKIPPED   .       .         IDLE   .             .              .               .           .            .          CANCELLED .                .         FAILED
            QUEUED     .       .       DISPATCHED .         .         .       .         .      .             .              .               .           .            .          CANCELLED CANCELLING       .         FAILED
            DISPATCHED .       .       .          .         .         RUNNING SUCCEEDED IDLE   WAITING       RETRY_WAIT     FAILED          .           .            .          CANCELLED CANCELLING       .         FAILED
            RUNNING    .       .       .          .         .         .       SUCCEEDED IDLE   WAITING       RETRY_WAIT     FAILED          DISPATCHED  RETRY_WAIT   .          .         CANCELLING       .         FAILED
            WAITING    .       .       .          .         .         .       .         .      .             .              .               .           .            DISPATCHED .         CANCELLING       .         FAILED
            RETRY_WAIT .       .       .          QUEUED    .         .       SUCCEEDED IDLE   WAITING       RETRY_WAIT     FAILED          .           .            DISPATCHED CANCELLED CANCELLING       .         FAILED
            CANCELLING .       .       .          .         .         .       SUCCEEDED .      .             .              .               .           .            .          .         .                CANCELLED CANCELLED
            SUCCEEDED  .       BLOCKED .          .         .         .       .         .      .             .              .               .           .            .          .         .                .         .
            FAILED     BLOCKED .       .          .         .         .       .         .      .             .              .               .           .            .          .         .                .         .
            SKIPPED    BLOCKED .       .          .         .         .       .         .      .             .              .               .           .            .          .         .                .         .
            CANCELLED  BLOCKED .       .          .         .         .       .         .      .             .              .               .           .            .          .         .                .         .
            """;

    static Stream<Arguments> cells() {
        var rows = TABLE.lines().map(line -> line.trim().split(" +")).toList();
        var signals = rows.get(0);
        return rows.stream().skip(1).flatMap(row -> Stream.iterate(1, i -> i + 1)
                .limit(row.length - 1)
                .map(i -> Arguments.of(
                        StepState.valueOf(row[0]),
                        Signal.valueOf(signals[i]),
                        StepState.valueOf(row[i].equals(".") ? row[0] : row[i]))));
    }

    @ParameterizedTest(name = "{0} and {1} give {2}")
    @MethodSource("cells")
    void everyCellOfTheTableHolds(StepState state, Signal signal, StepState expected) {
        assertThat(Transitions.after(state, signal)).isEqualTo(expected);
    }

    @Test
    void theTableHasEveryCell() {
        assertThat(cells()).hasSize(StepState.values().length * Signal.values().length);
    }

    @Test
    void aTerminalStateIsLeftOnlyByARequest() {
        for (StepState state : StepState.values()) {
            for (Signal signal : Signal.values()) {
                if (state.isTerminal() && signal != Signal.ASKED && signal != Signal.RERUN) {
                    assertThat(Transitions.after(state, signal)).isEqualTo(state);
                }
            }
        }
    }

    @Test
    void applyingASignalTwiceEqualsOnce() {
        for (StepState state : StepState.values()) {
            Arrays.stream(Signal.values()).forEach(signal -> {
                var once = Transitions.after(state, signal);
                assertThat(Transitions.after(once, signal)).isEqualTo(once);
            });
        }
    }
}
