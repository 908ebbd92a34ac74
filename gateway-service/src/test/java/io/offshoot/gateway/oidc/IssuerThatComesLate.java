package io.offshoot.gateway.oidc;

/** An issuer that is away when the gateway starts. */
public final class IssuerThatComesLate extends Issuer {

    @Override
    boolean isThereFromTheStart() {
        return false;
    }
}
