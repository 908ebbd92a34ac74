package io.offshoot.localstack;

/** Why the stack cannot go on, as one clear line for the person who started it. */
public class StackException extends Exception {

    private static final long serialVersionUID = 1L;

    public StackException(String line) {
        super(line);
    }

    public StackException(String line, Throwable cause) {
        super(line, cause);
    }
}
