package io.offshoot.sandbox.exchange;

/** A stand-in for a provider's API. It answers every call, also those it does not know, and never throws for one. */
public interface Provider {

    /** The first segment of its paths, and its name in the journal. */
    String name();

    Answer answer(Call call);

    /** Under what the call counts against rate limits, in words that give no token away. */
    String credential(Call call);

    /** The call's path as it may be written down. */
    default String shown(String path) {
        return path;
    }
}
