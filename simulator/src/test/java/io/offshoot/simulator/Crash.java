package io.offshoot.simulator;

/** A process ended here: unwinds whatever it was doing. */
final class Crash extends Error {

    private static final long serialVersionUID = 1L;

    Crash() {
        super("crashed", null, false, false);
    }
}
