package io.offshoot.orchestrator.decision;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;

/** Where in its window a step's next attempt falls, so that steps that failed together do not come back together. */
@FunctionalInterface
public interface Jitter {

    /** @return from 0 to less than 1 */
    double of(StepProgress step);

    /**
     * Spreads evenly, and is a value all the same: whoever decides on the same attempt of the same step, and however
     * often, decides the same delay.
     */
    static Jitter of(UUID deploymentId) {
        return step -> new SplittableRandom(deploymentId.getMostSignificantBits()
                        ^ deploymentId.getLeastSignificantBits()
                        ^ ((long) Objects.hash(step.appId(), step.stepId()) << 32 | step.number()))
                .nextDouble();
    }
}
