package io.offshoot.vercel.api;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import java.util.Set;

/** Vercel has not all files of a deployment, or not any more. Nothing happened. */
public final class MissingFilesException extends ProviderException {

    private static final long serialVersionUID = 1L;

    private final transient Set<String> sha1s;

    MissingFilesException(Set<String> sha1s) {
        super(FailureClass.RETRYABLE, "files-missing", "Vercel has not all files of the deployment.");
        this.sha1s = Set.copyOf(sha1s);
    }

    /** Whether this file must be uploaded. */
    public boolean isMissing(Vercel.NewFile file) {
        return sha1s.contains(file.sha1());
    }
}
