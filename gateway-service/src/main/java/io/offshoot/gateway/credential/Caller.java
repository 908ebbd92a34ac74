package io.offshoot.gateway.credential;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.trace.Trace;
import jakarta.enterprise.context.RequestScoped;

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

    /** Ends the request as <code>forbidden</code> for members, who trigger and watch only. */
    public void mustOwn() {
        if (credential().role() == Role.MEMBER) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN, "Members trigger actions and watch; this takes an owner.");
        }
    }

    /** Ends the request as <code>forbidden</code> for everybody but operators: it is about all hubs. */
    public void mustOperate() {
        if (credential().role() != Role.OPERATOR) {
            throw new ProblemException(ProblemType.FORBIDDEN, "This takes an operator of the platform.");
        }
    }
}
