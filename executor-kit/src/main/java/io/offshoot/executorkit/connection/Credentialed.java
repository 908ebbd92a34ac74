package io.offshoot.executorkit.connection;

/** Something that has a credential at a provider. */
public interface Credentialed {

    /** The id of the lane of its credential: the same for the same credential, and nothing can be told from it. */
    String lane();
}
