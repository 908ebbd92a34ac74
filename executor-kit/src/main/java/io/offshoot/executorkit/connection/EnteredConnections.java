package io.offshoot.executorkit.connection;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.contracts.claim.Verdict;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.NeedsPersonException;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.sealing.CannotOpenException;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The accounts that hubs have entered, as far as this process has come across them: the newest version of each. An older
 * one that comes later is passed over, and whoever works with one finishes with what it has. Thread-safe.
 *
 * @param <C> what actions are given of an account
 */
public final class EnteredConnections<C extends Credentialed> {

    private static final String UNREACHABLE = "unreachable";
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LATER = Duration.ofMinutes(1);
    private static final Duration LATEST = Duration.ofHours(1);

    private record Key(String hub, String name) {}

    /** One version. Opened when it is first needed, and once. */
    private final class Held {

        private final EnteredConnection entered;
        private C made;
        private boolean toBeChecked;
        private boolean confirmed;
        private long notBefore;
        private Duration pause = SOON;

        Held(EnteredConnection entered) {
            this.entered = entered;
            this.toBeChecked = !entered.checked() && !entered.removed();
            this.notBefore = time.nanos();
        }

        synchronized C made() {
            if (made == null) {
                made = kind.make(entered, entered.sealed() == null ? null : token());
            }
            return made;
        }

        private Secret token() {
            var context = new SecretContext(
                    entered.hub(), EnteredConnection.SCOPE, provider + "/" + entered.name(), entered.version());
            try {
                return keyset.open(entered.sealed(), context);
            } catch (CannotOpenException e) {
                throw cannotBeOpened();
            }
        }

        /** True for one caller until the time comes again. */
        synchronized boolean isDue() {
            if (!toBeChecked || notBefore - time.nanos() > 0) {
                return false;
            }
            notBefore = time.nanos() + LATEST.toNanos();
            return true;
        }

        synchronized void again(Duration atLeast) {
            toBeChecked = true;
            var wait = atLeast.compareTo(pause) > 0 ? atLeast : pause;
            notBefore = time.nanos() + wait.toNanos();
            pause = pause.multipliedBy(2).compareTo(LATEST) > 0 ? LATEST : pause.multipliedBy(2);
        }

        synchronized void doubt() {
            if (!toBeChecked) {
                toBeChecked = true;
                confirmed = false;
                notBefore = time.nanos();
                pause = SOON;
            }
        }

        synchronized void settled(boolean isReady) {
            toBeChecked = false;
            confirmed = isReady;
        }

        synchronized void confirm() {
            confirmed = true;
        }

        synchronized boolean isConfirmed() {
            return confirmed;
        }
    }

    private final String provider;
    private final ConnectionKind<C> kind;
    private final Keyset keyset;
    private final Paces paces;
    private final Time time;
    private final Map<Key, Held> held = new ConcurrentHashMap<>();

    public EnteredConnections(String provider, ConnectionKind<C> kind, Keyset keyset, Paces paces, Time time) {
        this.provider = provider;
        this.kind = kind;
        this.keyset = keyset;
        this.paces = paces;
        this.time = time;
    }

    /** Takes in what the orchestrator says. Taking it again, or late, changes nothing. */
    public void learn(Collection<EnteredConnection> told) {
        for (EnteredConnection entered : told) {
            held.merge(
                    new Key(entered.hub(), entered.name()),
                    new Held(entered),
                    (known, next) -> next.entered.version() > known.entered.version() ? next : known);
        }
    }

    /**
     * A hub's connection of that name, for an attempt; empty if it has entered none. An installation is looked at first:
     * its number alone shows nothing.
     *
     * @throws ProviderException if it is of no use
     */
    public Optional<C> find(String hub, String name) {
        var known = name == null ? null : held.get(new Key(hub, name));
        if (known == null || known.entered.removed()) {
            return Optional.empty();
        }
        try {
            var connection = known.made();
            if (known.entered.installation() != null && !known.isConfirmed()) {
                kind.check(connection);
                known.confirm();
            }
            return Optional.of(connection);
        } catch (RefusedConnectionException e) {
            throw new ProviderException(FailureClass.CREDENTIAL, e.code(), e.getMessage());
        }
    }

    /** The lane of a hub's connection; empty if it has entered none, or one of which nothing can be made. */
    public Optional<String> lane(String hub, String name) {
        var known = name == null ? null : held.get(new Key(hub, name));
        if (known == null || known.entered.removed()) {
            return Optional.empty();
        }
        try {
            return Optional.of(known.made().lane());
        } catch (RefusedConnectionException e) {
            return Optional.empty();
        }
    }

    /** An attempt found a credential refused: it is looked at again. */
    public void doubt(String hub, String name) {
        var known = name == null ? null : held.get(new Key(hub, name));
        if (known != null && !known.entered.removed()) {
            known.doubt();
        }
    }

    /** Looks at the provider that are due, each to be made once. They take the time of a call or two. */
    public List<Supplier<Verdict>> due() {
        return held.values().stream()
                .filter(Held::isDue)
                .map(known -> (Supplier<Verdict>) () -> look(known))
                .toList();
    }

    private Verdict look(Held known) {
        try {
            var connection = known.made();
            kind.check(connection);
            known.settled(true);
            return verdict(known, Verdict.State.READY, null, null, paces.announced(connection.lane()));
        } catch (RefusedConnectionException e) {
            return refused(known, e.code(), e.getMessage());
        } catch (NeedsPersonException e) {
            return refused(known, RefusedConnectionException.NOT_INSTALLED, e.getMessage());
        } catch (ProviderException e) {
            return switch (e.kind()) {
                case CREDENTIAL -> refused(known, RefusedConnectionException.BAD_CREDENTIAL, e.getMessage());
                case REFUSED ->
                    // What the provider says may quote what it was sent.
                    refused(
                            known,
                            RefusedConnectionException.MISSING_RIGHTS,
                            "The provider does not let this credential look at the account.");
                case RETRYABLE, THROTTLED, UNCERTAIN -> unreachable(known, e);
            };
        } catch (RuntimeException e) {
            known.again(LATER);
            throw e;
        }
    }

    private static RefusedConnectionException cannotBeOpened() {
        return new RefusedConnectionException(
                RefusedConnectionException.NEEDS_REENTRY,
                "What was entered cannot be opened any more. Enter it again.");
    }

    private Verdict refused(Held known, String code, String problem) {
        known.settled(false);
        if (!code.equals(RefusedConnectionException.NEEDS_REENTRY)
                && !code.equals(RefusedConnectionException.BAD_CREDENTIAL)) {
            // Somebody may see to it at the provider.
            known.again(LATER);
        }
        return verdict(known, Verdict.State.REFUSED, code, problem, null);
    }

    private Verdict unreachable(Held known, ProviderException why) {
        var asked = why.failure().retryAfterMs();
        known.again(asked == null ? Duration.ZERO : Duration.ofMillis(Math.max(0, asked)));
        return verdict(
                known,
                Verdict.State.CHECKING,
                UNREACHABLE,
                "The provider could not be asked yet. It is asked again by itself.",
                null);
    }

    private Verdict verdict(Held known, Verdict.State state, String code, String problem, Announcement.Lane lane) {
        var entered = known.entered;
        return new Verdict(entered.hub(), entered.name(), entered.version(), state, code, problem, lane);
    }
}
