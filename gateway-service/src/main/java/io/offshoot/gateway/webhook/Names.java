package io.offshoot.gateway.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks names up. */
interface Names {

    /** All addresses of a host. Blocks. */
    List<InetAddress> addresses(String host) throws UnknownHostException;
}
