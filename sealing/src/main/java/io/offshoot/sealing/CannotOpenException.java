package io.offshoot.sealing;

/** A sealed value does not open here. Why is not told, and not known: the key, the context or the bytes are others. */
public final class CannotOpenException extends Exception {

    private static final long serialVersionUID = 1L;

    CannotOpenException() {
        super("The sealed value cannot be opened here");
    }
}
