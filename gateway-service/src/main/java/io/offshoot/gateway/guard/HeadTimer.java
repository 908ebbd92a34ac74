package io.offshoot.gateway.guard;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on which a request's head begins and does not end in time. It only looks for the empty line at
 * the head's end; everything else is the server's to read. After that line it waits for an answer to be written: what
 * comes behind that begins with a head again.
 */
final class HeadTimer extends ChannelDuplexHandler {

    private final Duration patience;
    private boolean headExpected = true;
    private boolean inHead;
    private int lineEnds;
    private Future<?> deadline;

    HeadTimer(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            if (headExpected && !inHead && bytes.isReadable()) {
                begin(context);
            }
            if (inHead && headEndsIn(bytes)) {
                end(false);
            }
        }
        super.channelRead(context, message);
    }

    /** Nobody is answered whose head has not been read. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        end(true);
        super.write(context, message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        end(false);
        super.channelInactive(context);
    }

    private void begin(ChannelHandlerContext context) {
        inHead = true;
        lineEnds = 0;
        deadline = context.executor().schedule(() -> context.close(), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void end(boolean another) {
        inHead = false;
        headExpected = another;
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private boolean headEndsIn(ByteBuf bytes) {
        for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
            var next = bytes.getByte(i);
            if (next == '\n') {
                lineEnds++;
                if (lineEnds == 2) {
                    return true;
                }
            } else if (next != '\r') {
                lineEnds = 0;
            }
        }
        return false;
    }
}
