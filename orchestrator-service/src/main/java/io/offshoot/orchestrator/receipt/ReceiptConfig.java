package io.offshoot.orchestrator.receipt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** How receipts are signed. */
@ConfigMapping(prefix = "offshoot.receipt")
interface ReceiptConfig {

    /** The file with the platform's Ed25519 key: PKCS#8 in PEM. Optional only so that its absence is said plainly. */
    Optional<Path> key();

    /**
     * A file with the public halves of the keys before, a JSON Web Key Set: each with <code>exp</code>, when it was
     * replaced, or <code>revoked</code>. They are published with the present one.
     */
    Optional<Path> previousKeys();

    /** Names this installation in receipts. */
    @WithDefault("https://offshoot.io/platforms/unnamed")
    URI builder();
}
