package io.offshoot.github.api;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import java.util.Optional;
import java.util.regex.Pattern;

/** GitHub points elsewhere. It is never followed: what is there may be somebody else's. */
final class MovedException extends ProviderException {

    static final String CODE = "moved";

    private static final long serialVersionUID = 1L;

    private static final Pattern BY_ID = Pattern.compile(".*/repositories/(\\d{1,18})(/.*)?");

    private final Long repositoryId;

    /** @param location where to; null if it does not say */
    MovedException(String location) {
        super(
                FailureClass.REFUSED,
                CODE,
                "GitHub says that the repository was renamed or moved. Nothing was done to it under its new name.");
        var byId = BY_ID.matcher(location == null ? "" : location);
        this.repositoryId = byId.matches() ? Long.valueOf(byId.group(1)) : null;
    }

    /** The id of the repository that is meant, if that is told. */
    Optional<Long> repositoryId() {
        return Optional.ofNullable(repositoryId);
    }
}
