package io.offshoot.localstack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.backends.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of <code>./run chaos</code>. The seed is printed; <code>-Dseed=</code> repeats its plan. */
@Tag("chaos")
class ChaosIT {

    @TempDir
    private Path data;

    @Test
    void nothingIsLostAndNothingIsDoneTwiceWhileProcessesAreKilled() throws Exception {
        var seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong(1, 1_000_000));
        var options = new ChaosOptions(
                Path.of("..").toAbsolutePath().normalize(),
                data.resolve("data"),
                FreePorts.next(),
                ChaosOptions.DEFAULT_TIME_SCALE,
                Duration.ofSeconds(45),
                seed,
                // FailpointIT has them.
                List.of());

        var result = new ChaosRun(options, System.out::println).run();

        result.table().forEach(System.out::println);
        assertThat(result.violations()).as("seed %d", seed).isEmpty();
        assertThat(result.duplicateEffects()).isZero();
        assertThat(result.lostEffects()).isZero();
        // A busy machine takes its time to start processes again, and no more than two are ever down.
        assertThat(result.kills()).isGreaterThanOrEqualTo(3);
    }
}
