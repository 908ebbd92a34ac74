package io.offshoot.gateway.credential;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.trace.Trace;
import jakarta.enterprise.context.RequestScoped;
import java.util.Locale;

/** The caller of the request at hand, where it calls from, and its trace. */
@RequestScoped
public class Caller {

    private Trace trace;
    private String address;
    private Credential credential;

    void is(Credential credential) {
        this.credential = credential;
    }

    void on(Trace trace, String address) {
        this.trace = trace;
        this.address = address;
    }

    /** Who calls; there is always one, but on the few open addresses. */
    public Credential credential() {
        if (credential == null) {
            throw new ProblemException(ProblemType.UNAUTHENTICATED, "Send a valid token.");
        }
        return credential;
    }

    public String hub() {
        return credential().hub();
    }

    /**
     * The hub that an address names. Any but the caller's own is not there, unless for operators.
     *
     * @throws ProblemException as <code>unknown-hub</code>, whether there is such a hub or not
     */
    public String within(String hub) {
        if (!hub.equals(hub()) && !may(Permission.OPERATE)) {
            throw new ProblemException(ProblemType.UNKNOWN_HUB, ProblemType.UNKNOWN_HUB.cause());
        }
        return hub;
    }

    /** The address the request came from; null if it never came so far as to have one. */
    public String address() {
        return address;
    }

    /** The request's trace; a new one if the request never came so far as to have it. */
    public Trace trace() {
        if (trace == null) {
            trace = Trace.from(null);
        }
        return trace;
    }

    public boolean may(Permission permission) {
        return credential().may(permission);
    }

    /** Ends the request as <code>forbidden</code> for everybody who may not do this. */
    public void must(Permission permission) {
        if (!may(permission)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "This takes the permission %s, which your credential does not have."
                            .formatted(permission.name().toLowerCase(Locale.ROOT)));
        }
    }
}
