package io.offshoot.sandbox.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.accounts.App;
import io.offshoot.sandbox.state.Store;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Optional;

/** Makes the sandbox out of its configuration. */
@ApplicationScoped
class Start {

    @Produces
    @Singleton
    Sandbox sandbox(SandboxConfig config) {
        requireTokens(config);
        var account = Account.of(
                config.github().organization(),
                config.github().token().orElseThrow(),
                config.vercel().teamId(),
                config.vercel().teamSlug(),
                config.vercel().token().orElseThrow());
        Optional<App> app = config.github()
                .app()
                .id()
                .map(id -> new App(
                        id,
                        config.github()
                                .app()
                                .publicKey()
                                .orElseThrow(() -> new ConfigurationException(
                                        "SANDBOX_GITHUB_APP_ID needs SANDBOX_GITHUB_APP_PUBLIC_KEY"))));
        var sandbox = new Sandbox(
                store(config), Clock.systemUTC(), account, app, config.github().upstreamOwner(), settings(config));
        config.telegram().token().ifPresent(token -> sandbox.telegram()
                .configure(token, config.telegram().username()));
        config.aura().clientId().ifPresent(id -> sandbox.aura()
                .configure(
                        id,
                        config.aura()
                                .clientSecret()
                                .orElseThrow(() -> new ConfigurationException(
                                        "SANDBOX_AURA_CLIENT_ID needs SANDBOX_AURA_CLIENT_SECRET")),
                        config.aura().tenantId()));
        config.github().hook().url().ifPresent(url -> sandbox.github()
                .hooks()
                .ofTheApp(url, secret(config.github().hook(), "SANDBOX_GITHUB_HOOK")));
        config.vercel().hook().url().ifPresent(url -> sandbox.vercel()
                .tellTheIntegration(url, secret(config.vercel().hook(), "SANDBOX_VERCEL_HOOK")));
        return sandbox;
    }

    private static String secret(SandboxConfig.Hook hook, String name) {
        return hook.secret()
                .orElseThrow(() -> new ConfigurationException("%s_URL needs %s_SECRET".formatted(name, name)));
    }

    private static Settings settings(SandboxConfig config) {
        Settings usual = Settings.withTimeScale(config.timeScale());
        Settings limited = config.publishedLimits() ? usual.withPublishedLimits() : usual;
        try {
            return config.settings().isEmpty()
                    ? limited
                    : limited.with(new ObjectMapper().readTree(config.settings().get()));
        } catch (JsonProcessingException | IllegalArgumentException malformed) {
            throw new ConfigurationException("SANDBOX_SETTINGS is no JSON object of settings");
        }
    }

    private static Store store(SandboxConfig config) {
        try {
            return config.data().map(Store::in).orElseGet(Store::inMemory);
        } catch (Store.InUse taken) {
            throw new ConfigurationException(taken.getMessage());
        }
    }

    void close(@Disposes Sandbox sandbox) {
        sandbox.close();
    }

    /** Asks for the sandbox, so that it is there, or its configuration refused, before the first call comes. */
    void begin(@Observes StartupEvent start, Sandbox sandbox) {
        Log.infof(
                "Provider sandbox: nothing here is real (time scale %s)",
                sandbox.settings().get().timeScale());
    }

    private static void requireTokens(SandboxConfig config) {
        var missing = new ArrayList<String>();
        require(config.controlToken(), "SANDBOX_CONTROL_TOKEN", missing);
        require(config.github().token(), "SANDBOX_GITHUB_TOKEN", missing);
        require(config.vercel().token(), "SANDBOX_VERCEL_TOKEN", missing);
        if (!missing.isEmpty()) {
            throw new ConfigurationException("The sandbox needs " + String.join(", ", missing) + " to be set");
        }
    }

    private static void require(Optional<String> token, String variable, ArrayList<String> missing) {
        if (token.filter(text -> !text.isBlank()).isEmpty()) {
            missing.add(variable);
        }
    }
}
