package io.offshoot.orchestrator.deployment;

/** What becomes of a record that is taken in: one of these, whatever it is. */
public enum Fate {
    /** Something was stored for it. */
    APPLIED,
    /** It said nothing that was not known, or came too late to count. */
    DUPLICATE,
    /** It is kept with the dead letters. */
    DEAD_LETTER
}
