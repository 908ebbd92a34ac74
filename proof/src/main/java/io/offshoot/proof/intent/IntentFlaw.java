package io.offshoot.proof.intent;

import java.util.Locale;

/** Why an intent does not count. The code is stable; the words are fit to be shown and repeat nothing that was sent. */
public enum IntentFlaw {
    MALFORMED("The intent is no DSSE envelope, or what it says lacks something or has something unknown."),
    PAYLOAD_TYPE("The envelope's payloadType is not application/vnd.in-toto+json."),
    STATEMENT_TYPE("The signed statement is not an in-toto Statement v1 with our predicateType."),
    NOT_SIGNED("No signature of the envelope is by a key of the hub."),
    KEY_REVOKED("The key that signed the intent is revoked."),
    KEY_RETIRED("The key that signed the intent is retired: a newer one signs for the hub."),
    KEY_WEAK("The key that signed the intent is no usable Ed25519 key."),
    OTHER_REQUEST("The intent is of another request: the digest of its subject is not that of this one."),
    OTHER_HUB("The intent is of another hub."),
    OTHER_AUDIENCE("The intent is meant for another gateway: its audience is not this one's public address."),
    NOT_YET("The intent is not valid yet."),
    EXPIRED("The intent is not valid any more."),
    WINDOW("The intent's notBefore and notAfter must be in that order and at most 24 hours apart."),
    OTHER_WORKFLOW("The intent names another workflow, version or digest than the deployment is made with."),
    OTHER_APPS("The intent names other apps than the request."),
    OTHER_SECRETS("The intent names other secrets than the request."),
    NONCE("The intent's nonce must have 32 to 128 hexadecimal digits in lower case."),
    NOT_CANONICAL("The request has a number or a text that has no one canonical form.");

    private final String words;

    IntentFlaw(String words) {
        this.words = words;
    }

    /** Such as <code>intent-expired</code>. */
    public String code() {
        return "intent-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String words() {
        return words;
    }
}
