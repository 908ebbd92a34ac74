package io.offshoot.contracts.action;

/**
 * How an action's effect behaves when it is tried again. Declared on each action; it says what a look-up can prove
 * and so what an attempt after an uncertain end may do.
 */
public enum EffectClass {
    /**
     * The provider enforces a unique name. On "exists" read it: our mark means adopt, else it exists and is not ours.
     * The mark of such an effect omits the generation, for the name does not change with it.
     */
    NATURAL,
    /** Repeating it, or reading again, leaves the provider as one call would have. */
    UPSERT,
    /** Not unique, but carries our effect key: probe by that mark before acting. */
    MARKED,
    /** No unique name and no mark: at most once, then a person decides. */
    BLIND
}
