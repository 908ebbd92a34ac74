package io.offshoot.sandbox.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.sandbox.World;
import io.offshoot.sandbox.control.Sandbox;
import io.offshoot.sandbox.control.Settings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every setting can be there from the start, and a reset leads back to it. */
@QuarkusTest
@TestProfile(ConfiguredSettingsTest.Limited.class)
class ConfiguredSettingsTest {

    public static class Limited implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "sandbox.published-limits", "true",
                    "sandbox.settings", "{\"githubRateLimit\":4000,\"staleReadMillis\":300}",
                    "sandbox.telegram.token", "77:abc",
                    "sandbox.aura.client-id", "hub",
                    "sandbox.aura.client-secret", "hush");
        }
    }

    @Inject
    Sandbox sandbox;

    @Test
    void configuredSettingsHoldFromTheStartAndAfterAReset() {
        sandbox.store().write(() -> sandbox.settings().change(World.json("{'githubRateLimit':1}")));

        sandbox.reset();

        Settings settings = sandbox.settings().get();
        assertThat(settings.githubRateLimit()).isEqualTo(4000);
        assertThat(settings.githubContentPerMinute()).isEqualTo(80);
        assertThat(settings.staleReadMillis()).isEqualTo(300);
        assertThat(settings.timeScale()).isEqualTo(0.02);
    }
}
