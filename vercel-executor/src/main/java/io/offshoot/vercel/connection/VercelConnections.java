package io.offshoot.vercel.connection;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.connection.EnteredConnections;
import io.offshoot.executorkit.lane.Connections;
import io.offshoot.executorkit.lane.Pace;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.executorkit.process.ExecutorConfig;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.vercel.api.Vercel;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Gives an attempt the account it may use: the one it names, if that is its hub's. */
@Singleton
public class VercelConnections implements Connections {

    private record Configured(String hub, VercelKind.Connection connection) {}

    private final Map<String, Configured> byName;
    private final EnteredConnections<VercelKind.Connection> entered;
    private final Paces paces;

    VercelConnections(VercelConfig config, ExecutorConfig executor, Time time, Paces paces, Keyset keyset) {
        var kind = new VercelKind(new Vercel.Client(config.url(), executor.callTimeout(), time), paces);
        this.paces = paces;
        this.entered = new EnteredConnections<>("vercel", kind, keyset, paces, time);
        this.byName = config.connections().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> {
                    var account = entry.getValue();
                    return new Configured(account.hub(), kind.make(account.teamId(), account.token()));
                }));
    }

    @Override
    public List<Announcement.Connection> announced() {
        return byName.entrySet().stream()
                .map(entry -> new Announcement.Connection(
                        entry.getKey(),
                        entry.getValue().hub(),
                        entry.getValue().connection().vercel().team(),
                        paces.announced(entry.getValue().connection().lane())))
                .toList();
    }

    @Override
    public Optional<EnteredConnections<?>> entered() {
        return Optional.of(entered);
    }

    @Override
    public Optional<Pace> pace(String name, String hub) {
        return configured(name, hub)
                .map(VercelKind.Connection::lane)
                .or(() -> entered.lane(hub, name))
                .map(paces::of);
    }

    /** @throws ProviderException if there is no such account, or it is another hub's; which of them is not told */
    public Vercel of(Attempt<?> attempt) {
        return of(attempt, attempt.connection());
    }

    /** The same of another account of the hub, by its name. */
    public Vercel of(Attempt<?> attempt, String name) {
        var connection = named(attempt, name);
        return connection.vercel().at(paces.of(connection.lane()), attempt::beforeWrite);
    }

    private VercelKind.Connection named(Attempt<?> attempt, String name) {
        return configured(name, attempt.hub())
                .or(() -> entered.find(attempt.hub(), name))
                .orElseThrow(() -> new ProviderException(
                        FailureClass.CREDENTIAL,
                        "unknown-connection",
                        "This hub has no Vercel connection of the name %s.".formatted(name)));
    }

    private Optional<VercelKind.Connection> configured(String name, String hub) {
        return Optional.ofNullable(name)
                .map(byName::get)
                .filter(known -> known.hub().equals(hub))
                .map(Configured::connection);
    }
}
