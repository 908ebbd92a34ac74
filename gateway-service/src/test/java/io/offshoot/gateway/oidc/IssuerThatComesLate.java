package io.offshoot.gateway.oidc;

/** An issuer that is away when the gateway starts. */
public final class IssuerThatComesLate extends Issuer {

    /** As an installation has it, but shorter: the keys are not fetched for each token. */
    @Override
    String keysAreFetchedEvery() {
        return "3S";
    }

    @Override
    boolean isThereFromTheStart() {
        return false;
    }
}
