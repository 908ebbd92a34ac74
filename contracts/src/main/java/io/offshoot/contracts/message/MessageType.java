package io.offshoot.contracts.message;

/** The messages, their CloudEvents types and their records. */
public enum MessageType {
    DEPLOYMENT_REQUEST("io.offshoot.deployment-request.v1", DeploymentRequest.class),
    STEP_COMMAND("io.offshoot.step-command.v1", StepCommand.class),
    STEP_RESULT("io.offshoot.step-result.v1", StepResult.class),
    DEPLOYMENT_EVENT("io.offshoot.deployment-event.v1", DeploymentEvent.class),
    DEAD_LETTER("io.offshoot.dead-letter.v1", DeadLetter.class);

    private final String type;
    private final Class<? extends Record> data;

    MessageType(String type, Class<? extends Record> data) {
        this.type = type;
        this.data = data;
    }

    /** The CloudEvents <code>type</code>; its last part is the major version. */
    public String type() {
        return type;
    }

    Class<? extends Record> data() {
        return data;
    }

    static MessageType of(Class<?> data) {
        for (MessageType candidate : values()) {
            if (candidate.data == data) {
                return candidate;
            }
        }
        throw new IllegalArgumentException(data.getName() + " is not a message");
    }
}
