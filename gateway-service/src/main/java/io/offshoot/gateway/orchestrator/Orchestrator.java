package io.offshoot.gateway.orchestrator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.AskSurvey;
import io.offshoot.contracts.query.AttemptView;
import io.offshoot.contracts.query.ConnectionView;
import io.offshoot.contracts.query.CounterSignature;
import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.contracts.query.DeadLetterView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.EnterConnection;
import io.offshoot.contracts.query.EventPage;
import io.offshoot.contracts.query.InstallationLink;
import io.offshoot.contracts.query.IntentView;
import io.offshoot.contracts.query.ProviderView;
import io.offshoot.contracts.query.ReceiptView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.contracts.query.WorkflowView;
import io.offshoot.contracts.secret.PublicKeyset;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/**
 * Asks the orchestrator, on behalf of one hub but for what operators see. Every call ends within two seconds: with the answer, with the problem
 * that the orchestrator refuses it with, or with <code>unavailable</code>.
 */
@Singleton
public class Orchestrator {

    private static final Duration PATIENCE = Duration.ofMillis(1_800);

    private final OrchestratorApi api;

    Orchestrator(@RestClient OrchestratorApi api) {
        this.api = api;
    }

    /** @param replayed whether an earlier request with the same key made it */
    public record Created(DeploymentView deployment, boolean replayed) {}

    public Uni<List<WorkflowView>> workflows() {
        return guarded(api.workflows());
    }

    public Uni<WorkflowView> workflow(String id) {
        return guarded(api.workflow(id));
    }

    /** With what secrets are sealed for each provider's executors. */
    public Uni<List<PublicKeyset>> keysets() {
        return guarded(api.keysets());
    }

    /** @param key the client's Idempotency-Key; null if it sent none */
    public Uni<Created> create(String hub, CreateDeployment deployment, String key) {
        return guarded(api.create(hub, null, key, deployment))
                .map(answer -> new Created(
                        answer.getEntity(), Boolean.parseBoolean(answer.getHeaderString("Idempotent-Replayed"))));
    }

    /** Only says what would be made, or the problems. */
    public Uni<DeploymentView> dryRun(String hub, CreateDeployment deployment) {
        return guarded(api.create(hub, true, null, deployment)).map(answer -> answer.getEntity());
    }

    public Uni<DeploymentView.Page> deployments(String hub, int limit, String cursor) {
        return guarded(api.deployments(hub, limit, cursor));
    }

    public Uni<DeploymentView> deployment(String hub, UUID id) {
        return guarded(api.deployment(hub, id));
    }

    /** @param request the request whose outcome is asked for too; null for none */
    public Uni<ActionView> action(String hub, UUID deployment, String app, String action, UUID request) {
        return guarded(api.action(hub, deployment, app, action, request));
    }

    public Uni<List<AttemptView>> attempts(String hub, UUID deployment, String app, String action) {
        return guarded(api.attempts(hub, deployment, app, action));
    }

    /** @param all also what was only found, and what was removed */
    public Uni<List<ResourceView>> resources(String hub, UUID deployment, boolean all) {
        return guarded(api.resources(hub, deployment, all));
    }

    /** Begins a plan or an observation, or joins the same that is under way. */
    public Uni<SurveyView> survey(String hub, UUID deployment, AskSurvey asked) {
        return guarded(api.survey(hub, deployment, asked));
    }

    public Uni<SurveyView> survey(String hub, UUID deployment, UUID survey) {
        return guarded(api.survey(hub, deployment, survey));
    }

    public Uni<RequestView> request(String hub, UUID deployment, UUID request) {
        return guarded(api.request(hub, deployment, request));
    }

    public Uni<IntentView> intent(String hub, UUID deployment) {
        return guarded(api.intent(hub, deployment));
    }

    /** Fails with the problem that the request would be refused with. */
    public Uni<Void> check(String hub, DeploymentRequest request) {
        return guarded(api.check(hub, request.deploymentId(), request));
    }

    public Uni<EventPage> events(String hub, UUID deployment, long after, int limit) {
        return guarded(api.events(hub, deployment, after, limit));
    }

    /** @param cursor where to read on; empty for the next event */
    public Uni<EventPage> events(String hub, String cursor, int limit) {
        return guarded(api.events(hub, cursor, limit));
    }

    /** @param seq the event that it was made after; null for the newest */
    public Uni<ReceiptView> receipt(String hub, UUID deployment, Long seq) {
        return guarded(api.receipt(hub, deployment, seq));
    }

    /** Keeps a signature of the hub that was verified here. */
    public Uni<ReceiptView> sign(String hub, UUID deployment, long seq, CounterSignature signature) {
        return guarded(api.sign(hub, deployment, seq, signature));
    }

    /** The keys that receipts are verified with, as they are published. */
    public Uni<ObjectNode> receiptKeys() {
        return guarded(api.receiptKeys());
    }

    /** With the hub's connections. */
    public Uni<List<ProviderView>> providers(String hub) {
        return guarded(api.providers(hub));
    }

    /** With the connections of all hubs. */
    public Uni<List<ProviderView>> providers() {
        return guarded(api.providers());
    }

    /** @param provider null for those at any */
    public Uni<List<ConnectionView>> connections(String hub, String provider) {
        return guarded(api.connections(hub, provider));
    }

    public Uni<ConnectionView> connection(String hub, String provider, String name) {
        return guarded(api.connection(hub, provider, name));
    }

    /** What the next token is to be sealed for. @param key the client's Idempotency-Key; null if it sent none */
    public Uni<EnterConnection.Next> nextConnection(String hub, String provider, String name, String key) {
        return guarded(api.nextConnection(hub, provider, name, key));
    }

    public Uni<ConnectionView> enterConnection(String hub, String provider, String name, EnterConnection entered) {
        return guarded(api.enterConnection(hub, provider, name, entered));
    }

    public Uni<Void> removeConnection(String hub, String provider, String name) {
        return guarded(api.removeConnection(hub, provider, name));
    }

    public Uni<Void> askInstallation(String hub, String name, InstallationLink asked) {
        return guarded(api.askInstallation(hub, name, asked));
    }

    /** Of whichever hub the link is. */
    public Uni<InstallationLink.Outcome> installed(InstallationLink.Used used) {
        return guarded(api.installed(used));
    }

    /** Of all hubs. */
    public Uni<DeadLetterView.Page> deadLetters(int limit, String cursor) {
        return guarded(api.deadLetters(limit, cursor));
    }

    public Uni<DeadLetterView> deadLetter(UUID id) {
        return guarded(api.deadLetter(id));
    }

    /** Publishes a dead letter's record again. @param by the name of the credential that asks for it */
    public Uni<DeadLetterView> replay(UUID id, String by) {
        return guarded(api.replay(id, new DeadLetterView.Replay(by)));
    }

    private static <T> Uni<T> guarded(Uni<T> call) {
        return call.ifNoItem()
                .after(PATIENCE)
                .fail()
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> {
                    Log.warnf(
                            "The orchestrator cannot be reached: %s",
                            failure.getClass().getSimpleName());
                    return new ProblemException(ProblemType.UNAVAILABLE, "A part of the system cannot be reached.");
                });
    }
}
