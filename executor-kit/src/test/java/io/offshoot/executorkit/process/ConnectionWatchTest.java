package io.offshoot.executorkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.claim.ConnectionReport;
import io.offshoot.contracts.claim.ConnectionReport.News;
import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.contracts.claim.Verdict;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.connection.ConnectionKind;
import io.offshoot.executorkit.connection.Credentialed;
import io.offshoot.executorkit.connection.EnteredConnections;
import io.offshoot.executorkit.lane.Limits;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.sealing.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionWatchTest {

    private record Account() implements Credentialed {

        @Override
        public String lane() {
            return "lane";
        }
    }

    private final BlockingQueue<ConnectionReport> said = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<News>> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Duration> pauses = new LinkedBlockingQueue<>();
    private final BlockingQueue<Runnable> due = new LinkedBlockingQueue<>();
    private final BlockingQueue<Account> looked = new LinkedBlockingQueue<>();

    private final Time time = new Time() {

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void after(Duration pause, Runnable task) {
            pauses.add(pause);
            due.add(task);
        }

        @Override
        public void pause(Duration pause) {
            throw new UnsupportedOperationException();
        }
    };

    private final EnteredConnections<Account> entered = new EnteredConnections<>(
            "github",
            new ConnectionKind<>() {

                @Override
                public Account make(EnteredConnection entered, Secret token) {
                    return new Account();
                }

                @Override
                public void check(Account connection) {
                    looked.add(connection);
                }
            },
            Keyset.none(),
            new Paces(Limits.NONE, "key", time),
            time);

    private final ConnectionWatch watch = new ConnectionWatch(
            report -> {
                said.add(report);
                return answers.remove();
            },
            entered,
            "executor",
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            time);

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void whatIsNewIsLookedAtAndSaidUntilItWasHeard() throws Exception {
        answers.add(CompletableFuture.completedFuture(new News(7, List.of(installation()))));
        watch.start(null);
        assertThat(looked.poll(5, TimeUnit.SECONDS)).isNotNull();
        awaitTheVerdict();

        answers.add(CompletableFuture.failedFuture(new IllegalStateException("away")));
        due.remove().run();
        answers.add(CompletableFuture.completedFuture(new News(7, List.of())));
        due.remove().run();
        answers.add(CompletableFuture.completedFuture(new News(7, List.of())));
        due.remove().run();

        assertThat(said).extracting(ConnectionReport::after).containsExactly(null, 7L, 7L, 7L);
        assertThat(said)
                .extracting(
                        report -> report.verdicts().stream().map(Verdict::state).toList())
                .containsExactly(List.of(), List.of(Verdict.State.READY), List.of(Verdict.State.READY), List.of());
        assertThat(pauses).containsOnly(Duration.ofSeconds(1));
    }

    @Test
    void anOrchestratorOfTheReleaseBeforeIsSeldomAsked() {
        answers.add(CompletableFuture.completedFuture(null));

        watch.start(null);

        assertThat(pauses).containsExactly(Duration.ofSeconds(10));
    }

    @Test
    void aProcessThatStopsAsksNoMore() {
        answers.add(CompletableFuture.completedFuture(new News(0, List.of())));
        watch.start(null);

        watch.stop(null);
        due.remove().run();

        assertThat(said).hasSize(1);
    }

    private void awaitTheVerdict() throws InterruptedException {
        var deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!watch.hasNews() && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
    }

    private static EnteredConnection installation() {
        return new EnteredConnection("hub-a", "app", "org", 1, null, 77L, Instant.EPOCH, false, false);
    }
}
