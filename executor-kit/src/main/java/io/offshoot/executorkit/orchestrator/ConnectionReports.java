package io.offshoot.executorkit.orchestrator;

import io.offshoot.contracts.claim.ConnectionReport;
import java.util.concurrent.CompletionStage;

/** The way to hear from the orchestrator what hubs have entered. May fail and be repeated. */
public interface ConnectionReports {

    /** An orchestrator of the release before, which knows of none, answers null. */
    CompletionStage<ConnectionReport.News> report(ConnectionReport report);
}
