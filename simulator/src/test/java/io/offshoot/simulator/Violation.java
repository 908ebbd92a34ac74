package io.offshoot.simulator;

/** A promise was broken. */
final class Violation extends Error {

    private static final long serialVersionUID = 1L;

    Violation(Promise promise, String how) {
        super("%s: %s".formatted(promise.sentence(), how));
    }
}
