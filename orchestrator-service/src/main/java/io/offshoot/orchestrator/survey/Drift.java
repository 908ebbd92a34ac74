package io.offshoot.orchestrator.survey;

import io.offshoot.contracts.query.AskSurvey;
import io.offshoot.contracts.query.SurveyView.Kind;
import io.offshoot.orchestrator.service.Outage;
import io.offshoot.orchestrator.timer.Timing;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Has what deployments own observed by itself, if that is wanted: each as long after its last observation as the
 * setting says, a few at a time. It reports and repairs nothing. Any replica may do so: a second observation of the same
 * joins the first.
 */
@ApplicationScoped
public class Drift {

    /** How many begin at once: providers have other things to do. */
    private static final int AT_ONCE = 5;

    private static final String UNOBSERVED = """
            select id, hub from deployment
            where exists (select 1 from effect
                          where effect.deployment_id = deployment.id and verb in ('CREATED', 'ADOPTED'))
              and not exists (select 1 from survey
                              where survey.deployment_id = deployment.id and kind = 'OBSERVATION'
                                and asked_at > clock_timestamp() - ? * interval '1 millisecond')
            order by id limit ?""";

    private record Unobserved(UUID id, String hub) {}

    private final DataSource database;
    private final Surveys surveys;
    private final Timing timing;

    Drift(DataSource database, Surveys surveys, Timing timing) {
        this.database = database;
        this.surveys = surveys;
        this.timing = timing;
    }

    /** How often to come by; empty if nothing is observed by itself. */
    public Optional<Duration> pace() {
        return timing.observeEvery().map(every -> every.dividedBy(10));
    }

    /** Begins what is due. */
    public void observe() {
        try {
            for (Unobserved deployment : unobserved()) {
                surveys.begin(deployment.hub, deployment.id, new AskSurvey(Kind.OBSERVATION, null, null, "schedule"));
            }
        } catch (SQLException | RuntimeException e) {
            if (Outage.isOne(e)) {
                Log.debugf("The database cannot be reached: %s", e.getMessage());
            } else {
                Log.error("What is owned could not be observed", e);
            }
        }
    }

    private List<Unobserved> unobserved() throws SQLException {
        var found = new ArrayList<Unobserved>();
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(UNOBSERVED)) {
            statement.setLong(1, timing.observeEvery().orElseThrow().toMillis());
            statement.setInt(2, AT_ONCE);
            var rows = statement.executeQuery();
            while (rows.next()) {
                found.add(new Unobserved(rows.getObject(1, UUID.class), rows.getString(2)));
            }
        }
        return found;
    }
}
