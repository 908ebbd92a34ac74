package io.offshoot.contracts.message;

/** The topics and how their records are keyed. */
public final class Topics {

    /** {@link DeploymentRequest}s, keyed by deployment. */
    public static final String TRIGGERS = "deployment.triggers";

    /** {@link DeploymentEvent}s, keyed by deployment. */
    public static final String EVENTS = "deployment.events";

    /** {@link DeadLetter}s, keyed by the topic they were on. */
    public static final String DEAD_LETTERS = "deployment.dead-letters";

    private Topics() {}

    /** {@link StepCommand}s for one provider's executors, keyed by step. */
    public static String commands(String provider) {
        return provider + ".commands";
    }

    /** {@link StepResult}s of one provider's executors, keyed by deployment. */
    public static String results(String provider) {
        return provider + ".results";
    }

    /** The key of a command. */
    public static String stepKey(Object deploymentId, String appId, String stepId) {
        return deploymentId + "/" + appId + "/" + stepId;
    }
}
