package io.offshoot.contracts.claim;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.intent.SignedIntent;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.secret.PublicKeyset;
import io.offshoot.contracts.secret.SealedSecret;
import java.util.List;
import java.util.Map;

/**
 * For each attempt asked for, in the same order: yours, with its context, or not yours.
 *
 * @param leaseMs how long a claim holds without a heartbeat, in milliseconds from when the request was sent
 * @param connections what the hubs of these attempts have entered at the provider, each as it stands now
 */
public record ClaimAnswer(
        long leaseMs,
        List<Claimed> attempts,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<EnteredConnection> connections) {

    public ClaimAnswer {
        connections = connections == null ? List.of() : List.copyOf(connections);
    }

    /** One of hubs that have entered nothing. */
    public ClaimAnswer(long leaseMs, List<Claimed> attempts) {
        this(leaseMs, attempts, List.of());
    }

    /**
     * @param yours false: drop the command; the other fields but the reference are then null
     * @param fence to be sent back with the result
     * @param context what the action is given
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Claimed(AttemptRef attempt, boolean yours, Long fence, Context context) {}

    /**
     * What the hub signed, and what is needed to see that an attempt is of it.
     *
     * @param signed the deployment's intent; null only while it is not filled in yet
     * @param outputs of the app's steps that have succeeded, by step id: the input was built from them too
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Intent(SignedIntent signed, Map<String, ObjectNode> outputs) {}

    /**
     * Everything an action is given, and nothing else.
     *
     * @param action the action's full name
     * @param generation names the generation whose effects a probe looks for
     * @param connection the name of the provider account's configuration at the executor
     * @param input the action's input
     * @param env the app's environment variables; plain values
     * @param checkpoint what the last look left; null for nothing
     * @param previousGeneration the first of the earlier generations that may have had an effect unseen: a probe looks
     *     for what it and any since began; null if none may
     * @param unknown the members of the input that only a run would bring; their values are made up. Null for none
     * @param resources what the step owns by the ledger, in the order in which it was made: to be observed or undone, or
     *     so planned; null in any other mode
     * @param removal how repositories are taken back; null unless something is to be undone
     * @param lane what was used of the credential before; null if it has no lane
     * @param secretEnv the app's environment variables that are secret, by name, sealed for this provider's executor;
     *     null for none, and for every action that is given none
     * @param recipients whom the action may seal its output for; null for nobody
     * @param intent what the hub signed, for the executor to compare all this with; null if the deployment came without.
     *     It is no business of the action
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Context(
            String hub,
            String action,
            AttemptMode mode,
            int generation,
            String connection,
            ObjectNode input,
            Map<String, String> env,
            JsonNode checkpoint,
            Integer previousGeneration,
            List<String> unknown,
            List<Effect> resources,
            Removal removal,
            LaneUse lane,
            Map<String, SealedSecret> secretEnv,
            List<PublicKeyset> recipients,
            Intent intent) {

        /** The same with another intent, or none. */
        public Context with(Intent other) {
            return new Context(
                    hub,
                    action,
                    mode,
                    generation,
                    connection,
                    input,
                    env,
                    checkpoint,
                    previousGeneration,
                    unknown,
                    resources,
                    removal,
                    lane,
                    secretEnv,
                    recipients,
                    other);
        }

        /** One that runs, and has nothing but this. */
        public Context(
                String hub,
                String action,
                AttemptMode mode,
                int generation,
                String connection,
                ObjectNode input,
                Map<String, String> env,
                JsonNode checkpoint) {
            this(
                    hub,
                    action,
                    mode,
                    generation,
                    connection,
                    input,
                    env,
                    checkpoint,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }
    }
}
