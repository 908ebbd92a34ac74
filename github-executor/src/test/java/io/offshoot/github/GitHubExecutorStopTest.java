package io.offshoot.github;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.offshoot.github.api.GitHub;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
@TestProfile(GitHubExecutorStopTest.OwnProcess.class)
class GitHubExecutorStopTest {

    /** An executor that is told to stop is of no use to other tests. */
    public static final class OwnProcess implements QuarkusTestProfile {}

    private static final String REF = "/repos/hub-org/docs/git/ref/heads%2Fmain";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Inject
    Event<ShutdownEvent> stop;

    WireMockServer server;

    @Test
    void anAttemptThatRunsIsFinishedAndReportedBeforeTheProcessEnds() throws Exception {
        var wire = new Wire(bootstrapServers, server);
        wire.orchestratorGivesTheAttempt();
        server.stubFor(get(REF).willReturn(jsonResponse("{}", 404).withFixedDelay(1_000)));
        wire.send(Messages.write(Wire.command()));
        awaitTheCall();

        stop.fire(new ShutdownEvent());

        var result = Messages.read(wire.await(Topics.results("github")).value(), StepResult.class);
        assertThat(result.data().outcome()).isEqualTo(StepResult.Outcome.WAITING);
    }

    /** The stand-in tells of a call only once it has answered it, so it is looked for where it is made. */
    private static void awaitTheCall() {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!isInACall() && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
    }

    private static boolean isInACall() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(GitHub.class.getName()));
    }
}
