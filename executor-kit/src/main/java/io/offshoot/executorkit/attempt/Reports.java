package io.offshoot.executorkit.attempt;

import java.util.concurrent.CompletionStage;

/** The way to the topics. A stage completes when the broker has the record for good. */
public interface Reports {

    CompletionStage<Void> result(String key, byte[] message);

    CompletionStage<Void> deadLetter(String key, byte[] message);
}
