package io.offshoot.sandbox.outgoing;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.World;
import io.offshoot.sandbox.exchange.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Both providers tell what happens, signed; messages are lost, doubled and late on demand. */
class OutboxTest {

    private static final String HOOKS = "/repos/example-hub/docs/hooks";
    private static final String AT = "http://127.0.0.1:1";

    private final World world = World.inMemory();

    @Test
    void gitHubTellsOfAPushAndSignsIt() {
        world.repository("docs");
        hookAtGitHub("push");
        Delivery ping = world.sent().get(0);

        String commit = world.change("docs", "docs/index.md", "# Pushed");

        Delivery push = world.sent().get(0);
        JsonNode said = World.json(push.body());
        assertThat(ping.event()).isEqualTo("ping");
        assertThat(push.headers())
                .containsEntry("X-GitHub-Event", "push")
                .containsEntry("X-Hub-Signature-256", "sha256=" + Signatures.sha256(push.body(), "hush"))
                .containsKey("X-GitHub-Delivery");
        assertThat(push.headers().get("X-GitHub-Delivery"))
                .isNotEqualTo(ping.headers().get("X-GitHub-Delivery"));
        assertThat(said.get("after").asText()).isEqualTo(commit);
        assertThat(said.at("/head_commit/modified").toString()).isEqualTo("[\"docs/index.md\"]");
        assertThat(said.at("/repository/full_name").asText()).isEqualTo("example-hub/docs");
        assertThat(world.sent()).isEmpty();
    }

    @Test
    void signatureIsTheOneOfTheProvidersOwnExamples() {
        // docs.github.com, "Validating webhook deliveries"; RFC 2202, test case 2.
        assertThat(Signatures.sha256("Hello, World!", "It's a Secret to Everybody"))
                .isEqualTo("757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
        assertThat(Signatures.sha1("what do ya want for nothing?", "Jefe"))
                .isEqualTo("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    }

    @Test
    void messageIsAFormUnlessJsonWasAskedFor() {
        world.repository("docs");
        world.github("POST", HOOKS, "{'name':'web','config':{'url':'" + AT + "','secret':'hush'}}");

        Delivery ping = world.sent().get(0);

        assertThat(ping.body()).startsWith("payload=%7B");
        assertThat(ping.headers())
                .containsEntry("Content-Type", "application/x-www-form-urlencoded")
                .containsEntry("X-Hub-Signature-256", "sha256=" + Signatures.sha256(ping.body(), "hush"));
    }

    @Test
    void secondHookToTheSameAddressIsRefused() {
        world.repository("docs");
        Answer first = hookAtGitHub("push");
        Answer second = hookAtGitHub("push");
        String id = body(first).get("id").asText();
        int deleted = world.github("DELETE", HOOKS + "/" + id).status();

        assertThat(first.status()).isEqualTo(201);
        assertThat(body(first).at("/config/secret").asText()).isEqualTo("********");
        assertThat(second.status()).isEqualTo(422);
        assertThat(body(second).at("/errors/0/message").asText()).isEqualTo("Hook already exists on this repository");
        assertThat(deleted).isEqualTo(204);
        assertThat(world.github("GET", HOOKS + "/" + id).status()).isEqualTo(404);
        assertThat(body(world.github("GET", HOOKS))).isEmpty();
    }

    @Test
    void vercelTellsHowADeploymentGoesOnAndSignsIt() {
        linked();
        String secret = hookAtVercel("'deployment.created','deployment.succeeded','deployment.ready'");
        String id = world.deploy("docs").get("id").asText();

        List<Delivery> now = world.sent();
        world.pass(40);
        List<Delivery> later = world.sent();

        assertThat(now).extracting(Delivery::event).containsExactly("deployment.created");
        assertThat(later).extracting(Delivery::event).containsExactly("deployment.succeeded", "deployment.ready");
        assertThat(World.json(now.get(0).body()).at("/payload/deployment/id").asText())
                .isEqualTo(id);
        assertThat(World.json(now.get(0).body())
                        .at("/payload/deployment/meta/run")
                        .asText())
                .isEqualTo("7");
        assertThat(now.get(0).headers())
                .containsEntry("x-vercel-signature", Signatures.sha1(now.get(0).body(), secret));
    }

    @Test
    void vercelTellsOfFailureAndOfCancellation() {
        linked();
        hookAtVercel("'deployment.error','deployment.canceled','deployment.ready'");
        world.fault("{'match':{'path':'/deployments$'},'then':{'buildError':true}}");
        world.deploy("docs");
        world.pass(40);
        List<Delivery> failed = world.sent();
        String id = world.deploy("docs").get("id").asText();
        world.vercel("PATCH", "/v12/deployments/" + id + "/cancel");
        world.pass(40);

        assertThat(failed).extracting(Delivery::event).containsExactly("deployment.error");
        assertThat(world.sent()).extracting(Delivery::event).containsExactly("deployment.canceled");
    }

    @Test
    void vercelTellsThatADomainIsVerified() {
        linked();
        hookAtVercel("'project.domain.verified'");
        String domain = "/v9/projects/docs/domains/docs.example.org";
        world.vercel("POST", "/v10/projects/docs/domains", "{'name':'docs.example.org'}");
        JsonNode challenge = body(world.vercel("GET", domain)).at("/verification/0");
        var record = new io.offshoot.sandbox.dns.FakeDns.Record(
                "TXT", challenge.get("value").asText());
        world.sandbox()
                .store()
                .write(() -> world.sandbox().dns().put(challenge.get("domain").asText(), List.of(record)));
        world.vercel("POST", domain + "/verify");

        assertThat(World.json(world.sent().get(0).body())
                        .at("/payload/domain/name")
                        .asText())
                .isEqualTo("docs.example.org");
    }

    @Test
    void secretOfAVercelWebhookIsGivenOnce() {
        hookAtVercel("'deployment.created'");

        JsonNode listed = body(world.vercel("GET", "/v1/webhooks"));
        String id = listed.at("/0/id").asText();

        assertThat(listed).hasSize(1);
        assertThat(listed.at("/0").has("secret")).isFalse();
        assertThat(world.vercel("DELETE", "/v1/webhooks/" + id).status()).isEqualTo(204);
        assertThat(world.vercel("GET", "/v1/webhooks/" + id).status()).isEqualTo(404);
    }

    @Test
    void vercelsAppTellsGitHubHowTheDeploymentStands() {
        linked();
        hookAtGitHub("deployment_status");
        world.sent();

        world.deploy("docs");
        world.pass(40);

        assertThat(world.sent().stream().map(one -> World.json(one.body())
                        .at("/deployment_status/state")
                        .asText()))
                .containsExactly("pending", "success");
    }

    @Test
    void lostMessageIsNeverSent() {
        world.repository("docs");
        world.fault("{'match':{'provider':'github','method':'WEBHOOK','path':'ping'},'then':{'webhook':'lost'}}");
        hookAtGitHub("push");
        world.pass(3600);

        assertThat(world.sent()).isEmpty();
        assertThat(world.sandbox().outbox().all()).extracting(Delivery::outcome).containsExactly("lost");
    }

    @Test
    void doubledMessageHasTheSameIdTwice() {
        world.repository("docs");
        world.fault("{'match':{'method':'WEBHOOK'},'then':{'webhook':'twice'}}");
        hookAtGitHub("push");

        List<Delivery> sent = world.sent();

        assertThat(sent).hasSize(2);
        assertThat(sent.get(0).headers()).isEqualTo(sent.get(1).headers());
        assertThat(sent.get(0).body()).isEqualTo(sent.get(1).body());
    }

    @Test
    void lateMessageIsOvertaken() {
        linked();
        hookAtVercel("'deployment.succeeded','deployment.ready'");
        world.fault("{'match':{'method':'WEBHOOK','path':'succeeded'},'then':{'webhook':'late','delayMs':30000}}");
        world.deploy("docs");
        world.pass(40);
        List<Delivery> first = world.sent();
        world.pass(30);

        assertThat(first).extracting(Delivery::event).containsExactly("deployment.ready");
        assertThat(world.sent()).extracting(Delivery::event).containsExactly("deployment.succeeded");
    }

    @Test
    void faultForEveryCallIsNoneForMessages() {
        world.repository("docs");
        hookAtGitHub("push");
        world.fault("{'then':{'webhook':'lost'}}");

        assertThat(world.sent()).hasSize(1);
    }

    @Test
    void vercelSendsAgainWhatWasNotTakenAndGitHubDoesNot() {
        linked();
        hookAtVercel("'deployment.created'");
        hookAtGitHub("push");
        world.deploy("docs");

        List<Delivery> sent = world.sent();
        world.sandbox()
                .store()
                .write(() -> sent.forEach(one -> world.sandbox().outbox().answered(one, 500)));
        world.pass(2);

        assertThat(sent).extracting(Delivery::provider).containsExactlyInAnyOrder("github", "vercel");
        assertThat(world.sent()).extracting(Delivery::provider).containsExactly("vercel");
    }

    @Test
    void onlyThisMachineIsReached() {
        world.repository("docs");
        world.github("POST", HOOKS, "{'name':'web','config':{'url':'https://hooks.example.org/x'}}");

        assertThat(world.sent()).isEmpty();
        assertThat(world.sandbox().outbox().all().get(0).outcome()).startsWith("not sent");
    }

    private void linked() {
        world.repository("docs");
        world.project("docs");
    }

    private Answer hookAtGitHub(String event) {
        return world.github(
                "POST",
                HOOKS,
                "{'name':'web','events':['" + event + "'],'config':{'url':'" + AT
                        + "/github','content_type':'json','secret':'hush'}}");
    }

    /** Makes a webhook for these events and returns its secret. */
    private String hookAtVercel(String events) {
        Answer made = world.vercel("POST", "/v1/webhooks", "{'url':'" + AT + "/vercel','events':[" + events + "]}");
        assertThat(made.status()).isEqualTo(200);
        return body(made).get("secret").asText();
    }
}
