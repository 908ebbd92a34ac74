package io.offshoot.executorkit.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.secret.SealedSecret;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Bench.Greeted;
import io.offshoot.executorkit.attempt.Bench.Greeting;
import io.offshoot.executorkit.lane.Connections;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.executorkit.secret.Vault;
import io.offshoot.sealing.Opener;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an action is given of an app's secrets, and what becomes of what it is not given. */
class SecretsTest {

    private static final String SENTINEL = "hunter2-the-sentinel";
    private static final Action<Greeting, Greeted> WITH_SECRETS = Bench.GREET.withSecrets();

    private static final String PLACE = "{\"path\":\"bots/news\",\"key\":\"token\"}";

    private final Opener acme = Opener.generate("acme");

    @Test
    void anActionThatDeclaresItIsGivenTheSecretAmongItsVariables() throws Exception {
        var bench = bench(WITH_SECRETS, Keyset.of(acme));
        bench.orchestrator.secretEnv = Map.of("TOKEN", ofHub("hub-a", "BOT_TOKEN", 3));
        var given = seen(bench);

        var result = run(bench);

        assertThat(given).containsEntry("TOKEN", SENTINEL);
        assertThat(bench.greeter.attempts.get(0).secretNames()).isEqualTo(Set.of("TOKEN"));
        assertThat(result).doesNotContain(SENTINEL);
    }

    @Test
    void anActionThatDeclaresNoneIsGivenNoneWhateverTheClaimBrings() throws Exception {
        var bench = bench(Bench.GREET, Keyset.of(acme));
        bench.orchestrator.secretEnv = Map.of("TOKEN", ofHub("hub-a", "BOT_TOKEN", 3));
        var given = seen(bench);

        run(bench);

        assertThat(given).isEmpty();
        assertThat(bench.greeter.attempts.get(0).envNames()).isEmpty();
    }

    @Test
    void aSecretOfTheDeploymentOpensInThatDeployment() throws Exception {
        var bench = bench(WITH_SECRETS, Keyset.of(acme));
        bench.orchestrator.secretEnv = Map.of("TOKEN", ofDeployment(Bench.DEPLOYMENT));
        var given = seen(bench);

        run(bench);

        assertThat(given).containsEntry("TOKEN", SENTINEL);
    }

    @Test
    void aSecretOfAnotherDeploymentIsRefused() throws Exception {
        refuses(ofDeployment(UUID.randomUUID()), Keyset.of(acme));
    }

    @Test
    void aSecretThatIsSaidToBeOfAnotherScopeIsRefused() throws Exception {
        var other = ofDeployment(UUID.randomUUID());

        refuses(new SealedSecret(other.name(), "hub", 1, other.copies()), Keyset.of(acme));
        refuses(new SealedSecret(other.name(), "deployment/" + Bench.DEPLOYMENT, 1, other.copies()), Keyset.of(acme));
    }

    @Test
    void aSecretOfAnotherHubIsRefused() throws Exception {
        refuses(ofHub("hub-b", "BOT_TOKEN", 3), Keyset.of(acme));
    }

    @Test
    void aSecretThatWasNeverSealedForThisExecutorIsToBeEnteredAgain() throws Exception {
        refuses(new SealedSecret("BOT_TOKEN", "hub", 1, List.of()), Keyset.of(acme));
    }

    @Test
    void anExecutorWithoutAKeysetRefusesAndDoesNotGoOnWithout() throws Exception {
        refuses(ofHub("hub-a", "BOT_TOKEN", 3), Keyset.none());
    }

    @Test
    void aSecretThatIsKeptInTheVaultIsReadThereForItsHub() throws Exception {
        var bench = withVault((hub, place) -> Secret.of("%s at %s#%s".formatted(hub, place.path(), place.key())));
        bench.orchestrator.secretEnv = Map.of("TOKEN", inVault("hub-a", PLACE));
        var given = seen(bench);

        run(bench);

        assertThat(given).containsEntry("TOKEN", "hub-a at bots/news#token");
    }

    @Test
    void aVaultThatCannotBeReadIsToldWithTheSecretsName() throws Exception {
        var bench = withVault((hub, place) -> {
            throw new ProviderException(FailureClass.RETRYABLE, "vault-unreachable", "it is away.");
        });
        bench.orchestrator.secretEnv = Map.of("TOKEN", inVault("hub-a", PLACE));
        var given = seen(bench);

        run(bench);

        assertThat(bench.topics.onlyResult().data().failure())
                .isEqualTo(new Failure(
                        FailureClass.RETRYABLE,
                        "vault-unreachable",
                        "The secret BOT_TOKEN of the variable TOKEN: it is away.",
                        null));
        assertThat(given).isEmpty();
    }

    @Test
    void anExecutorWithoutAVaultRefusesWhatIsKeptInOne() throws Exception {
        var bench = withVault(Vault.none());
        bench.orchestrator.secretEnv = Map.of("TOKEN", inVault("hub-a", PLACE));
        var given = seen(bench);

        run(bench);

        assertThat(bench.topics.onlyResult().data().failure())
                .extracting(Failure::kind, Failure::code)
                .containsExactly(FailureClass.CREDENTIAL, "vault-not-set-up");
        assertThat(given).isEmpty();
    }

    @Test
    void aValueThatIsSaidToBeAPlaceInTheVaultIsRefusedAndSoIsAPlaceThatIsSaidToBeAValue() throws Exception {
        var value = ofHub("hub-a", "BOT_TOKEN", 3);
        var place = inVault("hub-a", PLACE);

        refuses(new SealedSecret(value.name(), "vault", 3, value.copies()), Keyset.of(acme));
        refuses(new SealedSecret(place.name(), "hub", 3, place.copies()), Keyset.of(acme));
    }

    @Test
    void anotherHubsPlaceInTheVaultIsRefused() throws Exception {
        refuses(inVault("hub-b", PLACE), Keyset.of(acme));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"path\":\"../hub-b/bots\",\"key\":\"token\"}", "{\"path\":\"bots\"}", "bots/news"})
    void whatIsNoPlaceBelowTheHubsOwnIsRefused(String sealed) throws Exception {
        refuses(inVault("hub-a", sealed), Keyset.of(acme));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNDO", "OBSERVE"})
    void namesAreKnownWhereNothingIsOpened(AttemptMode mode) throws Exception {
        var bench = bench(WITH_SECRETS, Keyset.none());
        bench.orchestrator.mode = mode;
        bench.orchestrator.resources = List.of();
        bench.orchestrator.secretEnv = Map.of("TOKEN", ofHub("hub-a", "BOT_TOKEN", 3));

        var result = run(bench);

        assertThat(result).doesNotContain("secret-needs-reentry");
    }

    @Test
    void aKeyThatWasAddedToTheFileIsUsedWithoutARestart(@TempDir Path folder) throws Exception {
        // Given
        var file = folder.resolve("keyset.json");
        acme.write(file);
        var keyset = Keyset.in(file, "acme");
        var before = ofHub("hub-a", "BOT_TOKEN", 3);
        var rotated = acme.rotated();
        var after = new SealedSecret(
                "BOT_TOKEN",
                "hub",
                4,
                List.of(rotated.recipient().seal(Secret.of(SENTINEL), SecretContext.ofHub("hub-a", "BOT_TOKEN", 4))));
        rotated.write(file);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
        var bench = bench(WITH_SECRETS, keyset);
        bench.orchestrator.secretEnv = Map.of("OLD", before, "NEW", after);
        var given = seen(bench);

        // When
        run(bench);

        // Then
        assertThat(given).containsEntry("OLD", SENTINEL).containsEntry("NEW", SENTINEL);
        assertThat(keyset.published()).contains(rotated.recipient().published().keyset());
    }

    @Test
    void aFileThatWasSpoiledLeavesTheKeysThatWereThere(@TempDir Path folder) throws Exception {
        var file = folder.resolve("keyset.json");
        acme.write(file);
        var keyset = Keyset.in(file, "acme");
        Files.writeString(file, "spoiled");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));

        var published = keyset.published();

        assertThat(published).contains(acme.recipient().published().keyset());
    }

    private void refuses(SealedSecret secret, Keyset keyset) throws Exception {
        var bench = bench(WITH_SECRETS, keyset);
        bench.orchestrator.secretEnv = Map.of("TOKEN", secret);
        var given = seen(bench);

        run(bench);

        var failure = bench.topics.onlyResult().data().failure();
        assertThat(failure)
                .isEqualTo(new Failure(FailureClass.CREDENTIAL, "secret-needs-reentry", failure.message(), null));
        assertThat(failure.message()).contains(secret.name(), "TOKEN", "again").doesNotContain(SENTINEL);
        assertThat(given).isEmpty();
    }

    private static Bench bench(Action<Greeting, Greeted> action, Keyset keyset) {
        return new Bench(8, Connections.none(), action, keyset, Vault.none());
    }

    private Bench withVault(Vault vault) {
        return new Bench(8, Connections.none(), WITH_SECRETS, Keyset.of(acme), vault);
    }

    private SealedSecret inVault(String hub, String place) {
        var context = SecretContext.ofVault(hub, "BOT_TOKEN", 3);
        return new SealedSecret(
                context.name(),
                context.scope(),
                context.version(),
                List.of(acme.recipient().seal(Secret.of(place), context)));
    }

    private static Map<String, String> seen(Bench bench) {
        var seen = new HashMap<String, String>();
        bench.greeter.behaviour = attempt -> {
            seen.putAll(attempt.env());
            return new Outcome.Done<>(new Greeted("Hello"), List.of());
        };
        return seen;
    }

    private static String run(Bench bench) throws Exception {
        bench.take(bench.command("one"));
        bench.work();
        return new String(bench.topics.results.get(0).message(), StandardCharsets.UTF_8);
    }

    private SealedSecret ofHub(String hub, String name, long version) {
        return sealed(SecretContext.ofHub(hub, name, version));
    }

    private SealedSecret ofDeployment(UUID deployment) {
        return sealed(SecretContext.ofDeployment("hub-a", deployment, "BOT_TOKEN"));
    }

    private SealedSecret sealed(SecretContext context) {
        return new SealedSecret(
                context.name(),
                context.scope(),
                context.version(),
                List.of(acme.recipient().seal(Secret.of(SENTINEL), context)));
    }
}
