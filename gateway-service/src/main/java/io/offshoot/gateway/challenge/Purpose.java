package io.offshoot.gateway.challenge;

/** What a signature is asked for. It is part of what is signed, so a signature for one is none for another. */
public enum Purpose {
    SIGN_IN("offshoot/sign-in/v1"),
    REGISTER_KEY("offshoot/register-key/v1"),
    ROTATE_KEY("offshoot/rotate-key/v1");

    private final String text;

    Purpose(String text) {
        this.text = text;
    }

    /** As it stands in what is signed. */
    String text() {
        return text;
    }
}
