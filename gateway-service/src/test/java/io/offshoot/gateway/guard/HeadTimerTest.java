package io.offshoot.gateway.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** That the server really has it in front, {@code TwoHubsIT} shows: tests of one module load Netty elsewhere. */
class HeadTimerTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new HeadTimer(Duration.ofSeconds(10)));

    private void receive(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
    }

    private void answer() {
        channel.writeOutbound(Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\n\r\n", StandardCharsets.US_ASCII));
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void aHeadThatDoesNotEndIsNotWaitedForHoweverManyBytesOfItCome() {
        receive("GET / HTTP/1.1\r\nX-A: ");
        for (int i = 0; i < 9; i++) {
            pass(1);
            receive("a");
        }
        assertThat(channel.isOpen()).isTrue();

        pass(1);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aHeadThatEndsInTimeMayBeAnsweredLate() {
        receive("GET / HTTP/1.1\r\nHost: a\r\n");
        pass(9);
        receive("\r\n");

        pass(60);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void anEndInPiecesIsAnEnd() {
        receive("GET / HTTP/1.1\r\nHost: a\r");
        receive("\n\r");
        receive("\n");

        pass(60);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void theNextRequestOfAConnectionHasItsTimeToo() {
        receive("GET / HTTP/1.1\r\n\r\n");
        answer();
        pass(30);
        receive("GET /");
        pass(9);
        assertThat(channel.isOpen()).isTrue();

        pass(1);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aBodyIsNoHead() {
        receive("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n");
        receive("abc");

        pass(60);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aStreamIsNotCutOff() {
        receive("GET / HTTP/1.1\r\n\r\n");
        for (int i = 0; i < 10; i++) {
            answer();
            pass(15);
        }

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void everyByteIsHandedOn() {
        receive("GET / HTTP/1.1\r\n\r\nrest");

        assertThat(channel.<ByteBuf>readInbound().toString(StandardCharsets.US_ASCII))
                .isEqualTo("GET / HTTP/1.1\r\n\r\nrest");
    }

    @Test
    void oneConnectionTooManyIsNotAdmittedUntilOneIsClosed() {
        var open = new OpenConnections(2, 5);
        var first = new EmbeddedChannel();
        var third = new EmbeddedChannel();
        assertThat(open.admit(first)).isTrue();
        assertThat(open.admit(new EmbeddedChannel())).isTrue();
        assertThat(open.admit(third)).isFalse();
        third.close();
        first.close();

        assertThat(open.admit(new EmbeddedChannel())).isTrue();
    }

    @Test
    void anAddressHasItsOwnLimit() {
        var open = new OpenConnections(5, 1);
        assertThat(open.admit(new EmbeddedChannel())).isTrue();

        assertThat(open.admit(new EmbeddedChannel())).isFalse();
    }
}
