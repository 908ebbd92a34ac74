package io.offshoot.gateway.credential;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.trace.Trace;
import jakarta.enterprise.context.RequestScoped;
import java.util.Locale;

/** The caller of the request at hand, and its trace. */
@RequestScoped
public class Caller {

    private Trace trace;
    private Credential credential;

    void is(Credential credential) {
        this.credential = credential;
    }

    void on(Trace trace) {
        this.trace = trace;
    }

    /** Who calls; there is always one, but on the few public pages. */
    public Credential credential() {
        if (credential == null) {
            throw new ProblemException(ProblemType.UNAUTHENTICATED, "Send a valid token.");
        }
        return credential;
    }

    public String hub() {
        return credential().hub();
    }

    /** The request's trace; a new one if the request never came so far as to have it. */
    public Trace trace() {
        if (trace == null) {
            trace = Trace.from(null);
        }
        return trace;
    }

    /** Ends the request as <code>forbidden</code> for everybody who may not do this. */
    public void must(Permission permission) {
        if (!credential().role().permissions().contains(permission)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "This takes the permission %s, which your credential does not have."
                            .formatted(permission.name().toLowerCase(Locale.ROOT)));
        }
    }
}
