package io.offshoot.gateway.guard;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.offshoot.gateway.limit.LimitsConfig;

/**
 * Looks at every connection before the server does: whether there are too many, and whether a request's head comes in
 * time. The server has an idle time only, which one byte now and then outlives. Netty finds this class by its service
 * loader, once {@link Connections} has told it to look.
 */
public final class ConnectionGuard extends ChannelInitializerExtension {

    private static volatile LimitsConfig limits;
    private static volatile OpenConnections open;

    static void guard(LimitsConfig config) {
        open = new OpenConnections(config.connections(), config.connectionsOfAddress());
        limits = config;
    }

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        var config = limits;
        if (config == null) {
            return;
        }
        if (!open.admit(channel)) {
            channel.close();
            return;
        }
        // Behind TLS the bytes here are none of HTTP: its proxy, or the idle time, has to do.
        var encrypted =
                channel.pipeline().names().stream().anyMatch(name -> name.contains("ssl") || name.contains("sni"));
        if (!encrypted) {
            channel.pipeline().addFirst("head-timer", new HeadTimer(config.headWithin()));
        }
    }
}
