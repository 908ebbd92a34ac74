package io.offshoot.localstack.process;

import java.util.concurrent.CountDownLatch;

/** A process to supervise: <code>Chatter stay|stubborn|fall</code>. */
final class Chatter {

    private Chatter() {}

    public static void main(String[] args) throws InterruptedException {
        System.out.println("hello");
        switch (args[0]) {
            case "fall" -> {
                System.err.println("this is why");
                System.exit(3);
            }
            case "stubborn" -> Runtime.getRuntime().addShutdownHook(new Thread(Chatter::forEver));
            default -> {}
        }
        System.out.println("ready to go");
        forEver();
    }

    private static void forEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
