package io.offshoot.executorkit.orchestrator;

import io.offshoot.contracts.claim.Announcement;
import java.util.concurrent.CompletionStage;

/** The way to tell the orchestrator what connections there are. May fail and be repeated. */
public interface Announcements {

    /** An orchestrator of the release before, which asks for none, has taken it. */
    CompletionStage<Void> announce(Announcement announcement);
}
