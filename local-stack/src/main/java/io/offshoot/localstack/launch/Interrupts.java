package io.offshoot.localstack.launch;

import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** Ctrl-C and SIGTERM stop the stack; a second Ctrl-C does not wait. */
final class Interrupts {

    private static final int SIGINT_EXIT = 130;

    private Interrupts() {}

    static void stopOnSignal(LocalStack stack, Terminal terminal) {
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop"));
        var interrupts = new AtomicInteger();
        onInterrupt(() -> {
            if (interrupts.incrementAndGet() == 1) {
                terminal.say("Stopping; once more Ctrl-C does not wait.");
                new Thread(() -> System.exit(SIGINT_EXIT), "exit").start();
            } else {
                stack.abandon();
            }
        });
    }

    /**
     * Handles SIGINT even where whoever started us had it ignored, as a shell script does with what it runs in the
     * background; a plain shutdown hook would not hear it there. The class is the JDK's but not Java's, hence the
     * reflection; without it Ctrl-C still works.
     */
    private static void onInterrupt(Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var proxy = Proxy.newProxyInstance(
                    Interrupts.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // Another Java: its own handling of Ctrl-C runs the shutdown hook.
        }
    }
}
