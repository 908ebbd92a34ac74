package io.offshoot.orchestrator.survey;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer.Claimed;
import io.offshoot.contracts.claim.ClaimAnswer.Context;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.contracts.message.Messages;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Hands a survey's looks to executors, each to one, as attempts are handed out. */
public final class Looks {

    private static final String CLAIM = """
            update look
            set phase = 'CLAIMED', fence = fence + case when phase = 'OPEN' then 1 else 0 end,
                claim_id = ?, executor = ?,
                lease_until = clock_timestamp() + ? * interval '1 millisecond', resend_at = null
            where survey_id = ? and app_id = ? and step_id = ? and provider = ?
              and (phase = 'OPEN' or phase = 'CLAIMED' and claim_id = ?)
            returning fence, context""";

    private static final String PROLONG = """
            update look set lease_until = clock_timestamp() + ? * interval '1 millisecond'
            where survey_id = ? and app_id = ? and step_id = ? and provider = ? and fence = ? and phase = 'CLAIMED'""";

    private Looks() {}

    /** Repeating it with the same claimId gives the same answer. @param leaseMs how long the claim holds */
    public static Claimed claim(
            Connection connection, ClaimRequest request, AttemptRef look, String provider, long leaseMs)
            throws SQLException {
        try (var statement = connection.prepareStatement(CLAIM)) {
            statement.setObject(1, request.claimId());
            statement.setString(2, request.executor());
            statement.setLong(3, leaseMs);
            var next = name(statement, 4, look, provider);
            statement.setObject(next, request.claimId());
            var row = statement.executeQuery();
            return row.next()
                    ? new Claimed(look, true, row.getLong(1), context(row.getString(2)))
                    : new Claimed(look, false, null, null);
        }
    }

    /** @return whether the lease is still the executor's */
    public static boolean prolong(Connection connection, Heartbeat.Lease lease, String provider, long leaseMs)
            throws SQLException {
        try (var statement = connection.prepareStatement(PROLONG)) {
            statement.setLong(1, leaseMs);
            var next = name(statement, 2, lease.attempt(), provider);
            statement.setLong(next, lease.fence());
            return statement.executeUpdate() == 1;
        }
    }

    /** @return the index after the four that name the look and whose it is */
    private static int name(PreparedStatement statement, int from, AttemptRef look, String provider)
            throws SQLException {
        statement.setObject(from, look.survey());
        statement.setString(from + 1, look.appId());
        statement.setString(from + 2, look.stepId());
        statement.setString(from + 3, provider);
        return from + 4;
    }

    private static Context context(String json) {
        try {
            return Messages.json().readValue(json, Context.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A context that was written can be read", e);
        }
    }
}
