package io.offshoot.executorkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemTimeTest {

    private final SystemTime time = new SystemTime();

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void aTaskThatFailsDoesNotKeepTheNextFromRunning() throws Exception {
        var ran = new CountDownLatch(1);
        time.after(Duration.ZERO, () -> {
            throw new IllegalStateException("planned");
        });

        time.after(Duration.ofMillis(1), ran::countDown);

        assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
    }
}
