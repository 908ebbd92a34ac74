package io.offshoot.localstack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.failpoint.Failpoint;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final List<String> ALL =
            List.of("kafka", "postgres", "gateway-service", "orchestrator-service", "github-executor");

    @Test
    void theSeedAloneDeterminesThePlan() {
        assertThat(blows(7, 100)).isEqualTo(blows(7, 100)).isNotEqualTo(blows(8, 100));
    }

    @Test
    void aPlanBeginsWithEachProcessKilledEachFailpointOneHeldOneRestartedAndTheSessionsTerminated() {
        var beginning = blows(7, ALL.size() + Failpoint.values().length + 3);

        assertThat(beginning)
                .filteredOn(blow -> blow.kind() == Blow.Kind.KILL)
                .extracting(Blow::target)
                .containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(beginning).extracting(Blow::point).contains(Failpoint.values());
        assertThat(beginning).extracting(Blow::kind).contains(Blow.Kind.values());
    }

    @Test
    void whatIsHeldIsHeldForLongerThanALease() {
        assertThat(blows(7, 200))
                .filteredOn(blow -> blow.kind() == Blow.Kind.FREEZE)
                .isNotEmpty()
                .allSatisfy(blow -> assertThat(blow.lasting()).isGreaterThan(Duration.ofSeconds(5)));
    }

    @Test
    void theSeedAloneDeterminesWhichCallsGoWrongAndEachWayOccurs() {
        var faults = LongStream.range(0, 2_000)
                .mapToObj(call -> CallFault.of(7, call))
                .toList();

        assertThat(LongStream.range(0, 2_000)
                        .mapToObj(call -> CallFault.of(7, call))
                        .toList())
                .isEqualTo(faults);
        assertThat(faults).contains(CallFault.values());
    }

    private static List<Blow> blows(long seed, int count) {
        var plan = new Plan(seed, ALL, List.of(Failpoint.values()), "postgres", Duration.ofSeconds(5));
        return Stream.generate(plan::next).limit(count).toList();
    }
}
