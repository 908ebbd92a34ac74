package io.offshoot.executorkit.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.contracts.claim.Verdict;
import io.offshoot.contracts.claim.Verdict.State;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.lane.Limits;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.sealing.Opener;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class EnteredConnectionsTest {

    private static final Opener KEYS = Opener.generate("vercel");
    private static final String TOKEN = "planted-token";

    private record Account(String name, String token) implements Credentialed {

        @Override
        public String lane() {
            return "lane-of-" + name;
        }
    }

    /** A provider that takes whatever it is not told to refuse. */
    private static final class Provider implements ConnectionKind<Account> {

        private final List<String> asked = new ArrayList<>();
        private RuntimeException refusal;

        @Override
        public Account make(EnteredConnection entered, Secret token) {
            return new Account(entered.account(), token == null ? null : token.text());
        }

        @Override
        public void check(Account connection) {
            asked.add(connection.token());
            if (refusal != null) {
                throw refusal;
            }
        }
    }

    private static final class Clock implements Time {

        private long nanos;

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void after(Duration pause, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void pause(Duration pause) {
            throw new UnsupportedOperationException();
        }
    }

    private final Clock time = new Clock();
    private final Provider provider = new Provider();
    private final EnteredConnections<Account> entered = connections(KEYS);

    @Test
    void whatIsLearnedIsLookedAtOnceAndSaidToBeReady() {
        entered.learn(List.of(token(1)));
        entered.learn(List.of(token(1)));

        var verdicts = look();

        assertThat(verdicts).singleElement().satisfies(verdict -> {
            assertThat(verdict.state()).isEqualTo(State.READY);
            assertThat(verdict.lane().id()).isEqualTo("lane-of-team");
            assertThat(Messages.json().writeValueAsString(verdict)).doesNotContain(TOKEN);
        });
        assertThat(provider.asked).containsExactly(TOKEN + 1);
        assertThat(look()).isEmpty();
    }

    @Test
    void theNewestVersionIsUsedAndAnOlderOneThatComesLaterIsNot() {
        entered.learn(List.of(token(1)));
        var under = entered.find("hub-a", "main").orElseThrow();

        entered.learn(List.of(token(2)));
        entered.learn(List.of(token(1)));

        assertThat(entered.find("hub-a", "main").orElseThrow().token()).isEqualTo(TOKEN + 2);
        assertThat(under.token()).isEqualTo(TOKEN + 1);
        assertThat(look()).extracting(Verdict::version).containsExactly(2L);
    }

    @Test
    void twoReplicasComeToTheSame() {
        var other = connections(KEYS);
        for (var replica : List.of(entered, other)) {
            replica.learn(List.of(token(1)));
        }
        other.learn(List.of(token(2)));

        // The one that has not heard of it yet is told by its next claim.
        entered.learn(List.of(token(2)));

        assertThat(entered.find("hub-a", "main")).isEqualTo(other.find("hub-a", "main"));
    }

    @Test
    void onlyItsHubHasItAndNobodyOnceItIsRemoved() {
        entered.learn(List.of(token(1)));

        assertThat(entered.find("hub-b", "main")).isEmpty();
        assertThat(entered.find("hub-a", null)).isEmpty();
        assertThat(entered.lane("hub-a", "main")).contains("lane-of-team");
        entered.learn(List.of(new EnteredConnection("hub-a", "main", "team", 2, null, null, null, true, true)));

        assertThat(entered.find("hub-a", "main")).isEmpty();
        assertThat(entered.lane("hub-a", "main")).isEmpty();
        assertThat(look()).isEmpty();
    }

    @Test
    void whatWasSealedForAnotherHubNameOrVersionOrKeyIsOfNoUse() {
        var sealed = token(1).sealed();
        var stolen = new EnteredConnection("hub-b", "main", "team", 1, sealed, null, null, false, false);
        var renamed = new EnteredConnection("hub-a", "other", "team", 1, sealed, null, null, false, false);
        var older = new EnteredConnection("hub-a", "main", "team", 2, sealed, null, null, false, false);

        entered.learn(List.of(stolen, renamed, older));
        var otherKeys = connections(Opener.generate("vercel"));
        otherKeys.learn(List.of(token(1)));

        assertThat(look()).hasSize(3).allSatisfy(verdict -> {
            assertThat(verdict.state()).isEqualTo(State.REFUSED);
            assertThat(verdict.code()).isEqualTo("needs-reentry");
        });
        assertThat(provider.asked).isEmpty();
        assertThatThrownBy(() -> otherKeys.find("hub-a", "main")).isInstanceOfSatisfying(ProviderException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureClass.CREDENTIAL);
            assertThat(e.code()).isEqualTo("needs-reentry");
        });
        assertThat(otherKeys.lane("hub-a", "main")).isEmpty();
    }

    @Test
    void aRefusalIsSaidInItsWordsAndWhatTheProviderSaidIsNot() {
        entered.learn(List.of(token(1)));
        provider.refusal = new RefusedConnectionException("wrong-account", "No such team.");

        assertThat(look()).singleElement().satisfies(verdict -> {
            assertThat(verdict.code()).isEqualTo("wrong-account");
            assertThat(verdict.problem()).isEqualTo("No such team.");
        });
        provider.refusal = new ProviderException(FailureClass.REFUSED, "forbidden", "You sent " + TOKEN + 1);
        time.nanos += Duration.ofMinutes(2).toNanos();

        assertThat(look()).singleElement().satisfies(verdict -> {
            assertThat(verdict.code()).isEqualTo("missing-rights");
            assertThat(verdict.problem()).doesNotContain(TOKEN);
        });
    }

    @Test
    void aProviderThatIsAwayIsAskedAgainUntilItAnswers() {
        entered.learn(List.of(token(1)));
        provider.refusal = new ProviderException(FailureClass.RETRYABLE, "no-answer", "Away.");

        var first = look();
        var atOnce = look();
        provider.refusal = null;
        time.nanos += Duration.ofSeconds(3).toNanos();
        var later = look();

        assertThat(first)
                .extracting(Verdict::state, Verdict::code)
                .containsExactly(tuple(State.CHECKING, "unreachable"));
        assertThat(atOnce).isEmpty();
        assertThat(later).extracting(Verdict::state).containsExactly(State.READY);
    }

    @Test
    void aCredentialThatAnAttemptFoundRefusedIsLookedAtAgain() {
        entered.learn(List.of(token(1)));
        look();
        provider.refusal = new ProviderException(FailureClass.CREDENTIAL, "credential-refused", "Not accepted.");

        entered.doubt("hub-a", "main");
        entered.doubt("hub-a", "main");
        entered.doubt("hub-b", "main");

        assertThat(look()).extracting(Verdict::code).containsExactly("bad-credential");
    }

    @Test
    void whatAnotherProcessHasLookedAtIsNotLookedAtAgain() {
        var known = token(1);
        entered.learn(List.of(new EnteredConnection(
                known.hub(), known.name(), known.account(), 1, known.sealed(), null, null, true, false)));

        assertThat(look()).isEmpty();
        assertThat(entered.find("hub-a", "main").orElseThrow().token()).isEqualTo(TOKEN + 1);
    }

    @Test
    void anInstallationIsLookedAtBeforeAnyAttemptHasIt() {
        var app = new EnteredConnection("hub-a", "app", "org", 1, null, 77L, Instant.EPOCH, true, false);
        entered.learn(List.of(app));
        provider.refusal = new RefusedConnectionException("not-installed", "Not there.");

        assertThatThrownBy(() -> entered.find("hub-a", "app"))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.code()).isEqualTo("not-installed"));
        provider.refusal = null;

        assertThat(entered.find("hub-a", "app")).isPresent();
        assertThat(entered.find("hub-a", "app")).isPresent();
        assertThat(provider.asked).hasSize(2);
    }

    private EnteredConnections<Account> connections(Opener keys) {
        return new EnteredConnections<>("vercel", provider, Keyset.of(keys), new Paces(Limits.NONE, "key", time), time);
    }

    private List<Verdict> look() {
        return entered.due().stream().map(Supplier::get).toList();
    }

    private static EnteredConnection token(long version) {
        var sealed = KEYS.recipient()
                .seal(
                        Secret.of(TOKEN + version),
                        new SecretContext("hub-a", EnteredConnection.SCOPE, "vercel/main", version));
        return new EnteredConnection("hub-a", "main", "team", version, sealed, null, null, false, false);
    }
}
