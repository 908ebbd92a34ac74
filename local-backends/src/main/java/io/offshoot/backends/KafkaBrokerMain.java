package io.offshoot.backends;

import java.nio.file.Path;

/** The broker as a process: <code>KafkaBrokerMain DIRECTORY PORT CONTROLLER_PORT</code>. Prints "ready" when it is. */
public final class KafkaBrokerMain {

    private KafkaBrokerMain() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            System.err.println("usage: KafkaBrokerMain DIRECTORY PORT CONTROLLER_PORT");
            System.exit(2);
        }
        var broker = KafkaBroker.start(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop"));
        System.out.println("ready " + broker.bootstrapServers());
    }
}
