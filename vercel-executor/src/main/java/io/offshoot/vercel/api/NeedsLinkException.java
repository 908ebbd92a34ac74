package io.offshoot.vercel.api;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import java.net.URI;

/** Vercel cannot reach the repository until a person gives it access. Nothing happened. */
public final class NeedsLinkException extends ProviderException {

    private static final long serialVersionUID = 1L;

    private final URI link;

    NeedsLinkException(URI link) {
        super(FailureClass.REFUSED, "needs-link", "Vercel has no access to the repository at GitHub.");
        this.link = link;
    }

    /** Where access is given. */
    public URI link() {
        return link;
    }
}
