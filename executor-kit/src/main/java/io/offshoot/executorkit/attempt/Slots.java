package io.offshoot.executorkit.attempt;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How many more attempts may be claimed. One asks at a time: the intake. Thread-safe. */
final class Slots {

    private final int total;
    private int free;
    private int wanted;
    private CompletableFuture<Integer> waiting;
    private boolean closed;

    Slots(int total) {
        this.total = total;
        this.free = total;
    }

    /** Takes up to so many, as soon as there is one. Once closed, the stage stays open. */
    CompletionStage<Integer> take(int upTo) {
        var granted = new CompletableFuture<Integer>();
        synchronized (this) {
            if (waiting != null) {
                throw new IllegalStateException("Somebody waits already");
            }
            wanted = upTo;
            waiting = granted;
        }
        grant();
        return granted;
    }

    void release(int count) {
        synchronized (this) {
            free += count;
        }
        grant();
    }

    /** Hands nothing out any more. */
    synchronized void close() {
        closed = true;
    }

    synchronized int used() {
        return total - free;
    }

    /** Completes outside of the lock: what follows may come back here. */
    private void grant() {
        CompletableFuture<Integer> granted;
        int count;
        synchronized (this) {
            if (waiting == null || free == 0 || closed) {
                return;
            }
            granted = waiting;
            count = Math.min(free, wanted);
            free -= count;
            waiting = null;
        }
        granted.complete(count);
    }
}
