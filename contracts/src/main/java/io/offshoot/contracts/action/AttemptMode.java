package io.offshoot.contracts.action;

/** What an attempt is asked to do. */
public enum AttemptMode {
    /** Do it; nothing of this generation can be there yet. */
    EXECUTE,
    /** An earlier attempt may have had its effect: look for it twice, then act. */
    PROBE_FIRST,
    /** The step waits for the provider or for a person: look whether it is over. */
    LOOK,
    /** Stop what is going on, if it can be stopped. */
    CANCEL,
    /** Say what running it would do now. Reads only. */
    PLAN,
    /** Say whether what the ledger has of it is as it was left. Reads only. */
    OBSERVE,
    /** Take back what the ledger says it made. */
    UNDO;

    /** Whether such an attempt changes nothing at the provider. */
    public boolean onlyReads() {
        return this == PLAN || this == OBSERVE;
    }
}
