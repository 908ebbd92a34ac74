package io.offshoot.orchestrator.hint;

import io.offshoot.contracts.query.Hint;
import io.offshoot.contracts.query.WaitingStep;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The steps that wait, or are looking, for what a hint may be about: those of an app whose ledger has the thing, whichever provider they
 * wait for (a push at one is a build at the other), and those of a hub whose connection it is. What is looked at soon
 * anyway is left out.
 */
@ApplicationScoped
class Waiting {

    private static final int MOST = 500;

    private static final String CONCERNED = """
            select deployment.hub, step.deployment_id, step.app_id, step.step_id
            from step join deployment on deployment.id = step.deployment_id
            where step.state in ('WAITING', 'DISPATCHED') and (step.due_at is null or step.due_at > now() + interval '2 seconds')
              and ((step.deployment_id, step.app_id) in (
                      select deployment_id, app_id from effect where provider = ? and provider_id = any (?)
                      union
                      select deployment_id, app_id from effect where provider = ? and name = any (?))
                   or deployment.hub in (select hub from connection where provider = ? and account = ?))
            order by step.due_at limit ?""";

    private final DataSource database;

    Waiting(DataSource database) {
        this.database = database;
    }

    List<WaitingStep> concerned(Hint hint) throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(CONCERNED)) {
            var things = connection.createArrayOf("text", hint.things().toArray());
            select.setString(1, hint.provider());
            select.setArray(2, things);
            select.setString(3, hint.provider());
            select.setArray(4, things);
            select.setString(5, hint.provider());
            select.setString(6, hint.account());
            select.setInt(7, MOST);
            var concerned = new ArrayList<WaitingStep>();
            var row = select.executeQuery();
            while (row.next()) {
                concerned.add(new WaitingStep(
                        row.getString(1), row.getObject(2, UUID.class), row.getString(3), row.getString(4)));
            }
            return concerned;
        }
    }
}
