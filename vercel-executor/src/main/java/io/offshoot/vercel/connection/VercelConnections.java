package io.offshoot.vercel.connection;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.lane.Connections;
import io.offshoot.executorkit.lane.Pace;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.executorkit.process.ExecutorConfig;
import io.offshoot.vercel.api.Vercel;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Gives an attempt the account it may use: the one it names, if that is its hub's. */
@Singleton
public class VercelConnections implements Connections {

    private record Connection(String hub, Vercel vercel, String lane) {}

    private final Map<String, Connection> byName;
    private final Paces paces;

    VercelConnections(VercelConfig config, ExecutorConfig executor, Time time, Paces paces) {
        var client = new Vercel.Client(config.url(), executor.callTimeout(), time);
        this.paces = paces;
        this.byName = config.connections().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> {
                    var account = entry.getValue();
                    return new Connection(
                            account.hub(), client.as(account.teamId(), account.token()), paces.laneOf(account.token()));
                }));
    }

    @Override
    public List<Announcement.Connection> announced() {
        return byName.entrySet().stream()
                .map(entry -> new Announcement.Connection(
                        entry.getKey(),
                        entry.getValue().hub(),
                        entry.getValue().vercel().team(),
                        paces.announced(entry.getValue().lane())))
                .toList();
    }

    @Override
    public Optional<Pace> pace(String name, String hub) {
        return Optional.ofNullable(name)
                .map(byName::get)
                .filter(connection -> connection.hub().equals(hub))
                .map(connection -> paces.of(connection.lane()));
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

    private Connection named(Attempt<?> attempt, String name) {
        var connection = name == null ? null : byName.get(name);
        if (connection == null || !connection.hub().equals(attempt.hub())) {
            throw new ProviderException(
                    FailureClass.CREDENTIAL,
                    "unknown-connection",
                    "This hub has no Vercel connection of the name %s.".formatted(name));
        }
        return connection;
    }
}
