package io.offshoot.sandbox.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.sandbox.World;
import io.offshoot.sandbox.control.Sandbox;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
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
                    "sandbox.time-scale", "1",
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
        assertThat(settings.timeScale()).isEqualTo(1);
    }

    @Test
    void secondWriteWithinASecondMeetsTheSecondaryLimit() {
        sandbox.reset();

        Answer first = write();
        Answer second = write();

        assertThat(first.headers()).doesNotContainKey("Retry-After");
        assertThat(second.status()).isEqualTo(403);
        assertThat(second.headers()).containsEntry("Retry-After", "60");
        assertThat(second.limited()).get().extracting(Answer.Limited::again).isEqualTo(false);
    }

    private Answer write() {
        Call call = Call.of("PUT", "/repos/example-hub/docs/topics", "Bearer github-token-for-tests");
        return sandbox.answer("github", call.with(World.json("{'names':[]}"))).answer();
    }
}
