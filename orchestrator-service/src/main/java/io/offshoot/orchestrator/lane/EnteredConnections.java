package io.offshoot.orchestrator.lane;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.offshoot.contracts.claim.ConnectionReport.News;
import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.contracts.claim.Verdict;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ConnectionView;
import io.offshoot.contracts.query.EnterConnection;
import io.offshoot.contracts.query.InstallationLink;
import io.offshoot.contracts.secret.Sealed;
import io.offshoot.workflows.Workflows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Accounts that hubs have entered themselves, with tokens that nobody here can open. Of each name there is one version:
 * what was entered before is gone. Thread-safe.
 */
@ApplicationScoped
public class EnteredConnections {

    private static final String GITHUB = "github";

    /** More in one answer would only delay the first. */
    private static final int MOST_NEWS = 500;

    private static final int MOST_NAMES = 100;

    /** Held to the end of the transaction: revisions are seen in their order, and each installation goes to one hub. */
    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('entered-connections', 0))";

    private static final String VIEW = """
            select provider, name, account, 'OPERATOR' as owner, null::bigint as version, null::bigint as installation,
                   'READY' as state, null as code, null as problem, null::timestamptz as checked_at,
                   null::timestamptz as entered_at, null as entered_by, null as request_key, null as request_digest
            from connection where hub = ?
            union all
            select provider, name, account, 'HUB', version, installation, state, code, problem, checked_at, entered_at,
                   entered_by, request_key, request_digest
            from entered_connection as entered
            where hub = ? and removed_at is null
              and not exists (select from connection
                              where connection.provider = entered.provider and connection.name = entered.name
                                and connection.hub = entered.hub)
            order by provider, name""";

    private static final String VERSION = """
            select version, removed_at is null as live, request_key, request_digest
            from entered_connection where provider = ? and hub = ? and name = ?""";

    private static final String IS_STATIC =
            "select exists (select from connection where provider = ? and hub = ? and name = ?)";

    /** What was ready stays known with its lane, as long as it is of the same account. */
    private static final String ENTER = """
            insert into entered_connection (provider, hub, name, account, version, revision, sealed, installation,
                asked_at, entered_at, entered_by, request_key, request_digest, state)
            values (?, ?, ?, ?, ?, nextval('entered_connection_revision'), ?::jsonb, ?, ?, clock_timestamp(), ?, ?, ?,
                'CHECKING')
            on conflict (provider, hub, name) do update
            set account = excluded.account, version = excluded.version, revision = excluded.revision,
                sealed = excluded.sealed, installation = excluded.installation, asked_at = excluded.asked_at,
                entered_at = excluded.entered_at, entered_by = excluded.entered_by, removed_at = null,
                request_key = excluded.request_key, request_digest = excluded.request_digest,
                state = 'CHECKING', code = null, problem = null, checked_at = null,
                lane = case when entered_connection.removed_at is null
                             and lower(entered_connection.account) = lower(excluded.account)
                            then entered_connection.lane end""";

    private static final String REMOVE = """
            update entered_connection
            set removed_at = clock_timestamp(), version = version + 1,
                revision = nextval('entered_connection_revision'), sealed = null, lane = null,
                request_key = null, request_digest = null
            where provider = ? and hub = ? and name = ? and removed_at is null""";

    private static final String COLUMNS =
            "revision, hub, name, account, version, sealed, installation, asked_at, state, removed_at is not null ";

    private static final String NEWS = "select " + COLUMNS + """
            from entered_connection where provider = ? and revision > ? order by revision limit ?""";

    private static final String UNCHECKED = "select " + COLUMNS + """
            from entered_connection where provider = ? and state = 'CHECKING' and removed_at is null""";

    private static final String OF_HUBS =
            "select " + COLUMNS + "from entered_connection where provider = ? and hub = any (?)";

    /** Who else has an installation, or is about to. */
    private static final String TAKEN = """
            select exists (select from entered_connection
                           where provider = ? and installation = ? and hub <> ? and removed_at is null
                             and state <> 'REFUSED')
                or exists (select from connection where provider = ? and hub <> ? and lane = ?)""";

    private static final String JUDGE = """
            update entered_connection
            set state = ?, code = ?, problem = ?, checked_at = clock_timestamp(), lane = coalesce(?, lane)
            where provider = ? and hub = ? and name = ? and version = ? and removed_at is null
              and (state, code, problem) is distinct from (?, ?, ?)
              and (? <> 'CHECKING' or state = 'CHECKING')
            returning installation""";

    private static final String ASK = """
            insert into installation_link (state_sha256, hub, name, account, asked_at, asked_by, expires_at)
            values (?, ?, ?, ?, clock_timestamp(), ?, clock_timestamp() + interval '1 hour')""";

    private static final String FORGET =
            "delete from installation_link where expires_at < clock_timestamp() - interval '1 day'";

    private static final String USE = """
            update installation_link set used_at = clock_timestamp()
            where state_sha256 = ? and used_at is null and expires_at > clock_timestamp()
            returning hub, name, account, asked_at, asked_by""";

    private final DataSource database;
    private final Set<String> providers;

    EnteredConnections(DataSource database, Workflows workflows) {
        this.database = database;
        this.providers = workflows.all().stream()
                .flatMap(workflow -> workflow.connections().values().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** All connections of a hub, the operator's too. @param provider null for those at any */
    @Transactional
    List<ConnectionView> of(String hub, String provider) throws SQLException {
        if (provider != null) {
            mustKnow(provider);
        }
        try (var connection = database.getConnection()) {
            return views(connection, hub).stream()
                    .filter(view -> provider == null || view.provider().equals(provider))
                    .toList();
        }
    }

    @Transactional
    ConnectionView one(String hub, String provider, String name) throws SQLException {
        mustKnow(provider);
        try (var connection = database.getConnection()) {
            return one(connection, hub, provider, name);
        }
    }

    /**
     * What the next token under that name is to be sealed for.
     *
     * @param key the request's; null for none
     * @throws ProblemException if the hub cannot enter one of that name
     */
    @Transactional
    EnterConnection.Next next(String hub, String provider, String name, String key) throws SQLException {
        mustKnow(provider);
        try (var connection = database.getConnection()) {
            mustBeTheHubs(connection, hub, provider, name);
            try (var select = connection.prepareStatement(VERSION)) {
                var row = named(select, provider, hub, name);
                if (!row.next()) {
                    return new EnterConnection.Next(1, null, null);
                }
                var version = row.getLong("version");
                var isRepeated = key != null && row.getBoolean("live") && key.equals(row.getString("request_key"));
                return isRepeated
                        ? new EnterConnection.Next(version + 1, version, row.getString("request_digest"))
                        : new EnterConnection.Next(version + 1, null, null);
            }
        }
    }

    /**
     * Enters a connection, in place of the one of that name.
     *
     * @throws ProblemException if its token was sealed for another version
     */
    @Transactional
    ConnectionView enter(String hub, String provider, String name, EnterConnection asked) throws SQLException {
        mustKnow(provider);
        try (var connection = database.getConnection()) {
            lock(connection);
            mustBeTheHubs(connection, hub, provider, name);
            if (asked.version() != version(connection, hub, provider, name) + 1) {
                throw new ProblemException(ProblemType.CONNECTION_CHANGED, ProblemType.CONNECTION_CHANGED.cause());
            }
            enter(connection, hub, provider, name, asked, null, null);
            return one(connection, hub, provider, name);
        }
    }

    /** @throws ProblemException if the hub has entered none of that name */
    @Transactional
    void remove(String hub, String provider, String name) throws SQLException {
        mustKnow(provider);
        try (var connection = database.getConnection()) {
            lock(connection);
            mustBeTheHubs(connection, hub, provider, name);
            try (var remove = connection.prepareStatement(REMOVE)) {
                name(remove, 1, provider, hub, name);
                if (remove.executeUpdate() == 0) {
                    throw unknown(provider, name);
                }
            }
        }
    }

    /** Keeps what a link to install the GitHub App is for. It holds for an hour. */
    @Transactional
    void ask(String hub, String name, InstallationLink asked) throws SQLException {
        mustKnow(GITHUB);
        try (var connection = database.getConnection()) {
            mustBeTheHubs(connection, hub, GITHUB, name);
            try (var forget = connection.prepareStatement(FORGET)) {
                forget.executeUpdate();
            }
            try (var ask = connection.prepareStatement(ASK)) {
                ask.setString(1, asked.stateSha256());
                ask.setString(2, hub);
                ask.setString(3, name);
                ask.setString(4, asked.account());
                ask.setString(5, asked.by());
                ask.executeUpdate();
            }
        }
    }

    /**
     * Somebody has come back from GitHub with a link, which is used up by that. Whether the installation is what was asked
     * for, the executor finds out.
     *
     * @return without a connection if the installation is another hub's
     * @throws ProblemException if there is no such link, or not any more
     */
    @Transactional
    InstallationLink.Outcome use(InstallationLink.Used used) throws SQLException {
        try (var connection = database.getConnection()) {
            lock(connection);
            try (var use = connection.prepareStatement(USE)) {
                use.setString(1, used.stateSha256());
                var row = use.executeQuery();
                if (!row.next()) {
                    throw new ProblemException(
                            ProblemType.UNKNOWN_INSTALLATION_LINK, ProblemType.UNKNOWN_INSTALLATION_LINK.cause());
                }
                var hub = row.getString("hub");
                var name = row.getString("name");
                var by = row.getString("asked_by");
                if (isStatic(connection, hub, GITHUB, name) || isTaken(connection, hub, used.installation())) {
                    return new InstallationLink.Outcome(hub, by, null);
                }
                var version = version(connection, hub, GITHUB, name) + 1;
                var asked = new EnterConnection(row.getString("account"), version, null, by, null, null);
                enter(connection, hub, GITHUB, name, asked, used.installation(), instant(row, "asked_at"));
                return new InstallationLink.Outcome(hub, by, one(connection, hub, GITHUB, name));
            }
        }
    }

    /** Keeps what came of looks at a provider. What is about an older version is passed over. */
    @Transactional
    public void judge(String provider, List<Verdict> verdicts) throws SQLException {
        if (verdicts.isEmpty()) {
            return;
        }
        try (var connection = database.getConnection()) {
            lock(connection);
            Announcements.lanes(
                    connection,
                    provider,
                    verdicts.stream()
                            .filter(verdict -> verdict.lane() != null)
                            .map(Verdict::lane)
                            .toList());
            for (Verdict verdict : verdicts) {
                judge(connection, provider, verdict);
            }
        }
    }

    /** What is to be known of what hubs have entered. @param after null to begin: with what nobody has looked at */
    @Transactional
    News news(String provider, Long after) throws SQLException {
        try (var connection = database.getConnection()) {
            if (after == null) {
                // Before what is unchecked is read: what comes in between is told twice.
                var upTo = 0L;
                try (var latest = connection.prepareStatement(
                        "select coalesce(max(revision), 0) from entered_connection where provider = ?")) {
                    latest.setString(1, provider);
                    var row = latest.executeQuery();
                    row.next();
                    upTo = row.getLong(1);
                }
                try (var select = connection.prepareStatement(UNCHECKED)) {
                    select.setString(1, provider);
                    return new News(upTo, entered(select.executeQuery(), new ArrayList<>()));
                }
            }
            try (var select = connection.prepareStatement(NEWS)) {
                select.setString(1, provider);
                select.setLong(2, after);
                select.setInt(3, MOST_NEWS);
                var revisions = new ArrayList<Long>();
                var news = entered(select.executeQuery(), revisions);
                return new News(revisions.isEmpty() ? after : revisions.get(revisions.size() - 1), news);
            }
        }
    }

    /** What these hubs have entered at a provider, and what of it they have removed. */
    public List<EnteredConnection> of(Collection<String> hubs, String provider) throws SQLException {
        if (hubs.isEmpty()) {
            return List.of();
        }
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(OF_HUBS)) {
            select.setString(1, provider);
            select.setArray(2, connection.createArrayOf("text", hubs.toArray(String[]::new)));
            return entered(select.executeQuery(), new ArrayList<>());
        }
    }

    private void enter(
            Connection connection,
            String hub,
            String provider,
            String name,
            EnterConnection asked,
            Long installation,
            Instant askedAt)
            throws SQLException {
        if (asked.version() == 1 && names(connection, hub, provider) >= MOST_NAMES) {
            throw new ProblemException(Problem.of(
                    ProblemType.INVALID_REQUEST,
                    "A hub has at most %d connections at a provider. Remove one first.".formatted(MOST_NAMES),
                    List.of()));
        }
        try (var enter = connection.prepareStatement(ENTER)) {
            name(enter, 1, provider, hub, name);
            enter.setString(4, asked.account());
            enter.setLong(5, asked.version());
            enter.setString(6, asked.sealed() == null ? null : json(asked.sealed()));
            enter.setObject(7, installation);
            enter.setObject(8, askedAt == null ? null : askedAt.atOffset(ZoneOffset.UTC));
            enter.setString(9, asked.by());
            enter.setString(10, asked.key());
            enter.setString(11, asked.digest());
            enter.executeUpdate();
        }
    }

    private static int names(Connection connection, String hub, String provider) throws SQLException {
        try (var count =
                connection.prepareStatement("select count(*) from entered_connection where provider = ? and hub = ?")) {
            count.setString(1, provider);
            count.setString(2, hub);
            var row = count.executeQuery();
            row.next();
            return row.getInt(1);
        }
    }

    private void judge(Connection connection, String provider, Verdict verdict) throws SQLException {
        var lane = verdict.lane() == null ? null : Announcements.id(provider, verdict.lane());
        try (var judge = connection.prepareStatement(JUDGE)) {
            judge.setString(1, verdict.state().name());
            judge.setString(2, verdict.code());
            judge.setString(3, verdict.problem());
            judge.setString(4, lane);
            name(judge, 5, provider, verdict.hub(), verdict.name());
            judge.setLong(8, verdict.version());
            judge.setString(9, verdict.state().name());
            judge.setString(10, verdict.code());
            judge.setString(11, verdict.problem());
            judge.setString(12, verdict.state().name());
            var row = judge.executeQuery();
            if (!row.next() || verdict.state() != Verdict.State.READY) {
                return;
            }
            var installation = row.getObject("installation", Long.class);
            if (installation != null && isTaken(connection, verdict.hub(), installation)) {
                judge(
                        connection,
                        provider,
                        new Verdict(
                                verdict.hub(),
                                verdict.name(),
                                verdict.version(),
                                Verdict.State.REFUSED,
                                "not-installed",
                                "The installation is in use for another connection.",
                                null));
            }
        }
    }

    private boolean isTaken(Connection connection, String hub, long installation) throws SQLException {
        try (var taken = connection.prepareStatement(TAKEN)) {
            taken.setString(1, GITHUB);
            taken.setLong(2, installation);
            taken.setString(3, hub);
            taken.setString(4, GITHUB);
            taken.setString(5, hub);
            taken.setString(6, GITHUB + ":installation-" + installation);
            var row = taken.executeQuery();
            row.next();
            return row.getBoolean(1);
        }
    }

    private void mustKnow(String provider) {
        if (!providers.contains(provider)) {
            throw new ProblemException(
                    ProblemType.UNKNOWN_PROVIDER, "This installation deploys nothing at such a provider.");
        }
    }

    private static void mustBeTheHubs(Connection connection, String hub, String provider, String name)
            throws SQLException {
        if (isStatic(connection, hub, provider, name)) {
            throw new ProblemException(
                    ProblemType.CONNECTION_OF_THE_OPERATOR, ProblemType.CONNECTION_OF_THE_OPERATOR.cause());
        }
    }

    private static boolean isStatic(Connection connection, String hub, String provider, String name)
            throws SQLException {
        try (var select = connection.prepareStatement(IS_STATIC)) {
            var row = named(select, provider, hub, name);
            row.next();
            return row.getBoolean(1);
        }
    }

    private static long version(Connection connection, String hub, String provider, String name) throws SQLException {
        try (var select = connection.prepareStatement(VERSION)) {
            var row = named(select, provider, hub, name);
            return row.next() ? row.getLong("version") : 0;
        }
    }

    private ConnectionView one(Connection connection, String hub, String provider, String name) throws SQLException {
        return views(connection, hub).stream()
                .filter(view -> view.provider().equals(provider) && view.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(provider, name));
    }

    private static List<ConnectionView> views(Connection connection, String hub) throws SQLException {
        var views = new ArrayList<ConnectionView>();
        try (var select = connection.prepareStatement(VIEW)) {
            select.setString(1, hub);
            select.setString(2, hub);
            var row = select.executeQuery();
            while (row.next()) {
                var owner = ConnectionView.Owner.valueOf(row.getString("owner"));
                var installation = row.getObject("installation", Long.class);
                views.add(new ConnectionView(
                        row.getString("provider"),
                        row.getString("name"),
                        row.getString("account"),
                        owner,
                        owner == ConnectionView.Owner.OPERATOR
                                ? null
                                : installation == null ? ConnectionView.Kind.TOKEN : ConnectionView.Kind.INSTALLATION,
                        row.getObject("version", Long.class),
                        installation,
                        Verdict.State.valueOf(row.getString("state")),
                        row.getString("code"),
                        row.getString("problem"),
                        instant(row, "checked_at"),
                        instant(row, "entered_at"),
                        row.getString("entered_by")));
            }
        }
        return views;
    }

    private static List<EnteredConnection> entered(ResultSet row, List<Long> revisions) throws SQLException {
        var entered = new ArrayList<EnteredConnection>();
        while (row.next()) {
            revisions.add(row.getLong("revision"));
            entered.add(new EnteredConnection(
                    row.getString("hub"),
                    row.getString("name"),
                    row.getString("account"),
                    row.getLong("version"),
                    sealed(row.getString("sealed")),
                    row.getObject("installation", Long.class),
                    instant(row, "asked_at"),
                    Verdict.State.valueOf(row.getString("state")) != Verdict.State.CHECKING,
                    row.getBoolean(10)));
        }
        return entered;
    }

    private static ProblemException unknown(String provider, String name) {
        return new ProblemException(
                ProblemType.UNKNOWN_CONNECTION,
                "The hub has no %s connection of the name %s.".formatted(provider, name));
    }

    private static void lock(Connection connection) throws SQLException {
        try (var lock = connection.prepareStatement(LOCK)) {
            lock.executeQuery();
        }
    }

    private static ResultSet named(PreparedStatement statement, String provider, String hub, String name)
            throws SQLException {
        name(statement, 1, provider, hub, name);
        return statement.executeQuery();
    }

    private static void name(PreparedStatement statement, int from, String provider, String hub, String name)
            throws SQLException {
        statement.setString(from, provider);
        statement.setString(from + 1, hub);
        statement.setString(from + 2, name);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant)
                .orElse(null);
    }

    private static Sealed sealed(String json) {
        try {
            return json == null ? null : Messages.json().readValue(json, Sealed.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was written can be read", e);
        }
    }

    private static String json(Sealed sealed) {
        try {
            return Messages.json().writeValueAsString(sealed);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not writable as JSON", e);
        }
    }
}
