package io.offshoot.vercel.connection;

import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.executorkit.connection.ConnectionKind;
import io.offshoot.executorkit.connection.Credentialed;
import io.offshoot.executorkit.connection.RefusedConnectionException;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.sealing.Secret;
import io.offshoot.vercel.api.Vercel;

/** How teams that hubs have entered are worked with: by a token. */
final class VercelKind implements ConnectionKind<VercelKind.Connection> {

    record Connection(Vercel vercel, String lane) implements Credentialed {}

    private final Vercel.Client client;
    private final Paces paces;

    VercelKind(Vercel.Client client, Paces paces) {
        this.client = client;
        this.paces = paces;
    }

    @Override
    public Connection make(EnteredConnection entered, Secret token) {
        if (token == null) {
            throw new RefusedConnectionException(
                    RefusedConnectionException.NOT_INSTALLED, "Nothing can be installed at Vercel. Enter a token.");
        }
        return make(entered.account(), token.text());
    }

    Connection make(String team, String token) {
        return new Connection(client.as(team, token), paces.laneOf(token));
    }

    @Override
    public void check(Connection connection) {
        var vercel = connection.vercel().at(paces.of(connection.lane()), () -> {});
        if (vercel.user().softBlock() != null) {
            throw new RefusedConnectionException(
                    RefusedConnectionException.MISSING_RIGHTS,
                    "Vercel has stopped the account of the token's owner. See to it there, or enter another's token.");
        }
        var team = vercel.describeTeam()
                .orElseThrow(() -> new RefusedConnectionException(
                        RefusedConnectionException.WRONG_ACCOUNT,
                        ("There is no team %s that this token may see. It must be made for that team, by one of its"
                                        + " members.")
                                .formatted(vercel.team())));
        if (team.isReadOnly()) {
            throw new RefusedConnectionException(
                    RefusedConnectionException.MISSING_RIGHTS,
                    "The token's owner may look at the team, and may make nothing there.");
        }
    }
}
