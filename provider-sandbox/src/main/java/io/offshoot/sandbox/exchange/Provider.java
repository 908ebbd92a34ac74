package io.offshoot.sandbox.exchange;

/** A stand-in for a provider's API. It answers every call, also those it does not know, and never throws for one. */
public interface Provider {

    /** The first segment of its paths, and its name in the journal. */
    String name();

    Answer answer(Call call);
}
