package io.offshoot.executorkit.process;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.secret.Vault;
import io.offshoot.sealing.Secret;
import io.quarkus.logging.Log;
import io.quarkus.vault.VaultKVSecretEngine;
import io.quarkus.vault.client.VaultClientException;
import io.quarkus.vault.runtime.VaultConfigHolder;
import io.quarkus.vault.runtime.config.VaultRuntimeConfig;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The key-value engine of the HashiCorp Vault that <code>quarkus.vault.url</code> names: each hub has a path of its own. */
class KeyValueVault {

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    @Produces
    @Singleton
    Vault vault(
            @ConfigProperty(name = "quarkus.vault.url") Optional<String> url,
            ExecutorConfig config,
            VaultRuntimeConfig settings,
            VaultConfigHolder known,
            Instance<VaultKVSecretEngine> engine) {
        if (url.isEmpty()) {
            return Vault.none();
        }
        // The extension tells its client the settings while it reads them, which in a packaged service is before there
        // is
        // a client to tell.
        known.setVaultRuntimeConfig(settings);
        return (hub, place) ->
                value(read(engine.get(), "%s/%s/%s".formatted(config.vault().path(), hub, place.path())), place.key());
    }

    private static Map<String, Object> read(VaultKVSecretEngine engine, String path) {
        try {
            return engine.readSecretJson(path);
        } catch (VaultClientException e) {
            if (e.getStatus() != null && e.getStatus() == NOT_FOUND) {
                throw missing();
            }
            if (e.getStatus() != null && e.getStatus() == FORBIDDEN) {
                throw refused(
                        "vault-refused",
                        "the vault does not let this part read it. Whoever runs the vault can allow it.");
            }
            throw away(e);
        } catch (RuntimeException e) {
            throw away(e);
        }
    }

    private static Secret value(Map<String, Object> values, String key) {
        var value = values == null ? null : values.get(key);
        if (value == null) {
            throw missing();
        }
        if (!(value instanceof String text) || text.isEmpty()) {
            throw refused("vault-secret-unfit", "what the vault has for it is no text.");
        }
        return Secret.of(text);
    }

    private static ProviderException missing() {
        return refused(
                "vault-secret-missing",
                "the vault has nothing at the place that it names. Put it there, or set the secret anew.");
    }

    private static ProviderException refused(String code, String message) {
        return new ProviderException(FailureClass.CREDENTIAL, code, message);
    }

    /** What failed may have the request in its message, and with it the token: only what it was is told. */
    private static ProviderException away(RuntimeException failure) {
        Log.warnf("The vault cannot be read: %s", failure.getClass().getSimpleName());
        return new ProviderException(
                FailureClass.RETRYABLE, "vault-unreachable", "the vault that it is kept in cannot be reached.");
    }
}
