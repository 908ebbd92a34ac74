package io.offshoot.contracts.secret;

import java.util.List;
import java.util.Objects;

/**
 * A secret of a deployment, as it is kept and handed on: for each executor that needs it a copy that only that one can
 * open.
 *
 * @param name what environment variables refer to
 * @param scope the scope it was sealed in: <code>hub</code>, <code>vault</code>, or <code>deployment/</code> and the deployment's id
 * @param version the one that was sealed
 * @param copies one for each provider
 */
public record SealedSecret(String name, String scope, long version, List<Sealed> copies) {

    public SealedSecret {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(scope, "scope");
        copies = List.copyOf(copies);
    }
}
