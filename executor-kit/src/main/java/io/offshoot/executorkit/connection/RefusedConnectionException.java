package io.offshoot.executorkit.connection;

/** What a hub has entered is of no use at the provider. Its message is for the hub's owner and never holds a secret. */
public final class RefusedConnectionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The provider does not accept the credential. */
    public static final String BAD_CREDENTIAL = "bad-credential";

    /** The credential is not one of the account that was named. */
    public static final String WRONG_ACCOUNT = "wrong-account";

    /** The credential may not do there what deployments need. */
    public static final String MISSING_RIGHTS = "missing-rights";

    /** The provider's app is not installed at the account. */
    public static final String NOT_INSTALLED = "not-installed";

    /** It was sealed with a key that this executor does not have, or not any more. */
    public static final String NEEDS_REENTRY = "needs-reentry";

    private final String code;

    public RefusedConnectionException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
