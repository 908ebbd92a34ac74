package io.offshoot.executorkit.attempt;

import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import java.util.concurrent.CompletionStage;

/** The way to the orchestrator. Both calls may fail and be repeated. */
public interface Claims {

    CompletionStage<ClaimAnswer> claim(ClaimRequest request);

    CompletionStage<Heartbeat.Answer> beat(Heartbeat heartbeat);
}
