package io.offshoot.sandbox.vercel;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.World;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.dns.FakeDns;
import io.offshoot.sandbox.exchange.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VercelTest {

    private static final String ENV = "/v10/projects/docs-site-x/env";

    private final World world = World.inMemory();

    @Test
    void buildGoesThroughItsStatesAndTheAddressComesLast() {
        linkedProject();
        String id = world.deploy("docs-site-x").get("id").asText();
        var states = new ArrayList<String>();
        boolean addressWithReady = true;

        for (int i = 0; i < 400; i++) {
            JsonNode deployment = deployment(id);
            String state = deployment.get("readyState").asText();
            assertThat(deployment.get("status").asText()).isEqualTo(state);
            if (states.isEmpty() || !states.get(states.size() - 1).equals(state)) {
                states.add(state);
                addressWithReady = deployment.get("aliasAssigned").asBoolean();
            }
            world.pass(0.1);
        }

        assertThat(states).containsExactly("QUEUED", "INITIALIZING", "BUILDING", "READY");
        assertThat(addressWithReady).isFalse();
        assertThat(deployment(id).get("aliasAssigned").asBoolean()).isTrue();
    }

    @Test
    void siteShowsTheCustomisedTextAndTheEnvironment() {
        linkedProject();
        world.change("docs-site-x", "site.json", "{\"title\":\"Kibera <Commons>\",\"welcome\":\"Karibu *sana*!\"}");
        setNotice("Closed on Friday");

        deployed();

        assertThat(page())
                .contains("Kibera &lt;Commons&gt;", "Karibu *sana*!", "Closed on Friday")
                .doesNotContain("{{");
        assertThat(world.site("docs-site-x.vercel.app", "guides/offline-kit.html"))
                .contains("../style.css");
        assertThat(world.site("docs-site-x.vercel.app", "style.css")).contains("prefers-color-scheme");
    }

    @Test
    void environmentReachesOnlyLaterDeployments() {
        linkedProject();
        setNotice("first");
        deployed();

        setNotice("second");
        String before = page();
        deployed();

        assertThat(before).contains("first");
        assertThat(page()).contains("second");
    }

    @Test
    void pushToALinkedProjectDeploysByItself() {
        linkedProject();

        String commit = world.change("docs-site-x", "docs/index.md", "# Pushed");

        JsonNode pushed = body(world.vercel("GET", "/v7/deployments?projectId=docs-site-x&sha=" + commit));
        assertThat(pushed.at("/deployments/0/source").asText()).isEqualTo("git");
        assertThat(pushed.at("/deployments/0/target").asText()).isEqualTo("production");
        world.pass(40);
        assertThat(page()).contains("Pushed");
    }

    @Test
    void deploymentIsFoundByWhatWasSaidAboutIt() {
        linkedProject();
        String id = world.deploy("docs-site-x").get("id").asText();

        JsonNode found =
                body(world.vercel("GET", "/v7/deployments?projectId=docs-site-x&target=production&meta-run=7"));
        JsonNode none = body(world.vercel("GET", "/v7/deployments?projectId=docs-site-x&meta-run=8"));

        assertThat(found.at("/deployments/0/uid").asText()).isEqualTo(id);
        assertThat(found.at("/deployments/0/meta/run").asText()).isEqualTo("7");
        assertThat(none.get("deployments")).isEmpty();
    }

    @Test
    void failingBuildCommandFailsTheBuild() {
        world.repository("docs-site-x");
        world.change("docs-site-x", "package.json", "{\"scripts\":{\"build\":\"exit 3\"}}");
        world.project("docs-site-x");

        assertThat(failure()).isEqualTo("Command \"exit 3\" exited with 3");
    }

    @Test
    void brokenSiteFileFailsTheBuild() {
        world.repository("docs-site-x");
        world.change("docs-site-x", "site.json", "{ \"title\": ");
        world.project("docs-site-x");

        assertThat(failure()).startsWith("site.json is not valid JSON");
    }

    @Test
    void missingRequiredVariableFailsTheBuild() {
        world.repository("docs-site-x");
        world.change("docs-site-x", "site.json", "{\"requiredEnv\":[\"NOTICE\"]}");
        world.project("docs-site-x");

        String without = failure();
        setNotice("here");
        deployed();

        assertThat(without).contains("\"NOTICE\" is required");
        assertThat(page()).contains("here");
    }

    @Test
    void commitIsUnknownForItsFirstSecond() {
        linkedProject();
        String head = world.head("docs-site-x");
        String tree = body(world.github("GET", "/repos/example-hub/docs-site-x/git/commits/" + head))
                .at("/tree/sha")
                .asText();
        String fresh = body(world.github(
                        "POST",
                        "/repos/example-hub/docs-site-x/git/commits",
                        "{'message':'m','tree':'" + tree + "','parents':['" + head + "']}"))
                .get("sha")
                .asText();

        Answer early = deploy(fresh);
        world.pass(1);

        assertThat(early.status()).isEqualTo(400);
        assertThat(body(early).at("/error/code").asText()).isEqualTo("incorrect_git_source_info");
        assertThat(deploy(fresh).status()).isEqualTo(200);
    }

    @Test
    void projectIsNotLinkedBeforeTheAppIsInstalled() {
        world.repository("docs-site-x");
        world.settings("{'vercelAppInstalled':false}");

        Answer refused = createProject();

        assertThat(refused.status()).isEqualTo(400);
        assertThat(body(refused).at("/error/message").asText())
                .isEqualTo("To link a GitHub repository, you need to install the GitHub integration first.");
    }

    @Test
    void appForSelectedRepositoriesLinksNoOther() {
        world.repository("docs-site-x");
        world.settings("{'vercelAppRepositories':['example-hub/other']}");
        Answer refused = createProject();
        world.settings("{'vercelAppRepositories':['example-hub/other','example-hub/docs-site-x']}");
        Answer linked = createProject();
        world.settings("{'vercelAppRepositories':[]}");
        Answer deployed = deploy(world.head("docs-site-x"));
        String commit = world.change("docs-site-x", "docs/index.md", "# Unseen");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(body(refused).at("/error/repo").asText()).isEqualTo("example-hub/docs-site-x");
        assertThat(linked.status()).isEqualTo(200);
        assertThat(body(deployed).at("/error/code").asText()).isEqualTo("incorrect_git_source_info");
        assertThat(body(world.vercel("GET", "/v7/deployments?projectId=docs-site-x&sha=" + commit))
                        .get("deployments"))
                .isEmpty();
    }

    @Test
    void projectNameIsTakenInOneAccountOnly() {
        linkedProject();

        Answer again = createProject();
        Answer personal = world.call("vercel", "POST", "/v11/projects", World.VERCEL, "{'name':'docs-site-x'}");

        assertThat(again.status()).isEqualTo(409);
        assertThat(body(again).at("/error/message").asText())
                .isEqualTo("Project \"docs-site-x\" already exists, please use a new name.");
        assertThat(personal.status()).isEqualTo(200);
    }

    @Test
    void addressIsAnotherThanTheNameWhenThatIsTakenInTheWorld() {
        world.repository("docs");
        world.project("docs");

        String address = world.deploy("docs").at("/alias/0").asText();

        assertThat(address).startsWith("docs-").endsWith(".vercel.app");
    }

    @Test
    void teamsProjectIsUnknownToThePersonalAccount() {
        linkedProject();

        Answer personal = world.call("vercel", "GET", "/v9/projects/docs-site-x", World.VERCEL, "");
        Answer bySlug = world.vercel("GET", "/v9/projects/docs-site-x?slug=example");
        Answer foreign = world.vercel("GET", "/v9/projects/docs-site-x?teamId=team_other");

        assertThat(personal.status()).isEqualTo(404);
        assertThat(bySlug.status()).isEqualTo(200);
        assertThat(foreign.status()).isEqualTo(403);
    }

    @Test
    void callWithoutAKnownTokenIsRefused() {
        Answer answer = world.call("vercel", "GET", "/v2/user", "Bearer wrong", "");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(body(answer).at("/error/code").asText()).isEqualTo("forbidden");
    }

    @Test
    void variableIsSetAgainOnlyWhenAsked() {
        linkedProject();
        String one = "{'key':'A','value':'%s','type':'plain','target':['production']}";
        world.vercel("POST", ENV, one.formatted("1"));

        Answer refused = world.vercel("POST", ENV, one.formatted("2"));
        Answer partly = world.vercel("POST", ENV, "[" + one.formatted("3") + "]");
        Answer replaced = world.vercel("POST", ENV + "?upsert=true", one.formatted("4"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(partly.status()).isEqualTo(201);
        assertThat(body(partly).at("/failed/0/error/code").asText()).isEqualTo("ENV_CONFLICT");
        assertThat(replaced.status()).isEqualTo(201);
        JsonNode envs = body(world.vercel("GET", ENV)).get("envs");
        assertThat(envs).hasSize(1);
        assertThat(envs.at("/0/value").asText()).isEqualTo("4");
    }

    @Test
    void sensitiveVariableCannotBeReadBack() {
        linkedProject();
        world.vercel("POST", ENV, "{'key':'S','value':'hidden','type':'sensitive','target':['production']}");
        Answer refused =
                world.vercel("POST", ENV, "{'key':'T','value':'x','type':'sensitive','target':['development']}");

        JsonNode envs = body(world.vercel("GET", ENV + "?decrypt=true"));

        assertThat(envs.toString()).contains("\"S\"").doesNotContain("hidden");
        assertThat(refused.status()).isEqualTo(400);
    }

    @Test
    void domainIsVerifiedWhenTheDnsHoldsTheChallengeAndServesThen() {
        linkedProject();
        deployed();
        JsonNode added =
                body(world.vercel("POST", "/v10/projects/docs-site-x/domains", "{'name':'docs.kibera.or.ke'}"));
        String verify = "/v9/projects/docs-site-x/domains/docs.kibera.or.ke/verify";

        Answer early = world.vercel("POST", verify);
        dns(
                added.at("/verification/0/domain").asText(),
                "TXT",
                added.at("/verification/0/value").asText());
        Answer late = world.vercel("POST", verify);

        assertThat(added.at("/verification/0/domain").asText()).isEqualTo("_vercel.kibera.or.ke");
        assertThat(early.status()).isEqualTo(400);
        assertThat(late.status()).isEqualTo(200);
        assertThat(body(late).get("verified").asBoolean()).isTrue();
        assertThat(world.site("docs.kibera.or.ke", "index.html")).contains("Welcome");
    }

    @Test
    void domainIsMisconfiguredUntilItPointsToVercel() {
        JsonNode before = body(world.vercel("GET", "/v6/domains/docs.example.org/config"));
        dns("docs.example.org", "CNAME", "cname.vercel-dns.com.");
        JsonNode after = body(world.vercel("GET", "/v6/domains/docs.example.org/config"));

        assertThat(before.get("misconfigured").asBoolean()).isTrue();
        assertThat(after.get("misconfigured").asBoolean()).isFalse();
        assertThat(after.get("configuredBy").asText()).isEqualTo("CNAME");
    }

    @Test
    void strangersDomainIsInUse() {
        linkedProject();

        Answer answer = world.vercel("POST", "/v10/projects/docs-site-x/domains", "{'name':'taken-docs.example.org'}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(world.vercel("GET", "/v9/projects/docs-site-x/domains/taken-docs.example.org")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void linkCannotBeGivenLater() {
        linkedProject();

        Answer answer = world.vercel("PATCH", "/v9/projects/docs-site-x", "{'gitRepository':{'type':'github'}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(body(answer).at("/error/message").asText()).contains("should NOT have additional property");
    }

    @Test
    void deletedProjectTakesEverythingWithIt() {
        linkedProject();
        setNotice("x");
        deployed();
        world.vercel("POST", "/v10/projects/docs-site-x/domains", "{'name':'docs.example.org'}");

        Answer deleted = world.vercel("DELETE", "/v9/projects/docs-site-x");

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(world.sandbox().hosting().inventory().values()).allMatch(List::isEmpty);
        assertThat(page()).isEqualTo("nothing");
    }

    @Test
    void canceledBuildNeverServes() {
        linkedProject();
        String id = world.deploy("docs-site-x").get("id").asText();

        Answer canceled = world.vercel("PATCH", "/v12/deployments/" + id + "/cancel");
        world.pass(60);

        assertThat(body(canceled).get("readyState").asText()).isEqualTo("CANCELED");
        assertThat(page()).isEqualTo("nothing");
        assertThat(world.vercel("PATCH", "/v12/deployments/" + id + "/cancel").status())
                .isEqualTo(400);
    }

    @Test
    void newestReadyDeploymentIsServedWhileALaterOneIsBuilt() {
        linkedProject();
        setNotice("old");
        deployed();
        setNotice("new");

        world.deploy("docs-site-x");
        world.pass(5);

        assertThat(page()).contains("old");
    }

    @Test
    void buildsWaitForEachOtherWhenToldSo() {
        linkedProject();
        world.settings("{'oneBuildAtATime':true}");
        world.deploy("docs-site-x");

        String second = world.deploy("docs-site-x").get("id").asText();
        world.pass(10);

        assertThat(deployment(second).get("readyState").asText()).isEqualTo("QUEUED");
    }

    @Test
    void projectIsTakenOverWithItsCodeAndWithinADay() {
        linkedProject();
        world.deploy("docs-site-x");
        String late = offer();
        world.pass(25 * 3600);
        String code = offer();
        String own = "?teamId=team_other";
        var other = Account.of("other-hub", "other-token", "team_other", "other", "other-vercel");
        world.sandbox().store().write(() -> world.sandbox().accounts().add(other));

        Answer expired = asOther("PUT", "/projects/transfer-request/" + late + own);
        Answer accepted = asOther("PUT", "/projects/transfer-request/" + code + own);

        assertThat(expired.status()).isEqualTo(404);
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(asOther("GET", "/v9/projects/docs-site-x" + own).status()).isEqualTo(200);
        assertThat(body(asOther("GET", "/v7/deployments" + own)).get("deployments"))
                .hasSize(1);
        assertThat(world.vercel("GET", "/v9/projects/docs-site-x").status()).isEqualTo(404);
    }

    private String offer() {
        return body(world.vercel("POST", "/projects/docs-site-x/transfer-request", "{}"))
                .get("code")
                .asText();
    }

    private Answer asOther(String method, String path) {
        return world.call("vercel", method, path, "Bearer other-vercel", method.equals("PUT") ? "{}" : "");
    }

    @Test
    void tokenWithoutPermissionMayOnlyRead() {
        linkedProject();
        world.settings("{'githubReadOnly':true,'vercelReadOnly':true}");

        assertThat(world.vercel("GET", "/v9/projects/docs-site-x").status()).isEqualTo(200);
        assertThat(world.vercel("DELETE", "/v9/projects/docs-site-x").status()).isEqualTo(403);
        assertThat(world.github("DELETE", "/repos/example-hub/docs-site-x").status())
                .isEqualTo(403);
    }

    @Test
    void exhaustedLimitIsToldWithItsEnd() {
        world.settings("{'githubRateLimit':1,'vercelRateLimit':1}");
        world.vercel("GET", "/v2/user");
        world.github("GET", "/user");

        Answer vercel = world.vercel("GET", "/v2/user");
        Answer github = world.github("GET", "/user");

        assertThat(vercel.status()).isEqualTo(429);
        assertThat(body(vercel).at("/error/limit/remaining").asInt()).isZero();
        assertThat(github.status()).isEqualTo(403);
        assertThat(github.headers()).containsEntry("x-ratelimit-remaining", "0");
    }

    @Test
    void ownersWhereVercelsAppIsInstalledAreListed() {
        assertThat(owners().findValuesAsText("slug")).containsExactly("example-hub");

        world.settings("{'vercelAppInstalled':false}");

        assertThat(owners()).isEmpty();
    }

    @Test
    void aDomainIsFoundByItsApexWhicheverProjectHasIt() {
        world.vercel("POST", "/v11/projects", "{'name':'plain'}");

        assertThat(world.vercel("GET", "/v1/domains/summit.example/project-domains")
                        .status())
                .isEqualTo(404);

        world.vercel("POST", "/v10/projects/plain/domains", "{'name':'docs.summit.example'}");

        assertThat(body(world.vercel("GET", "/v1/domains/summit.example/project-domains"))
                        .findValuesAsText("name"))
                .containsExactly("docs.summit.example");
    }

    private JsonNode owners() {
        var path = "/v1/integrations/git-namespaces?provider=github";
        return body(world.call("vercel", "GET", path, World.VERCEL, ""));
    }

    private void linkedProject() {
        world.repository("docs-site-x");
        world.project("docs-site-x");
    }

    private void deployed() {
        world.deploy("docs-site-x");
        world.pass(40);
    }

    private String page() {
        return world.site("docs-site-x.vercel.app", "index.html");
    }

    private String failure() {
        String id = world.deploy("docs-site-x").get("id").asText();
        world.pass(40);
        JsonNode deployment = deployment(id);
        assertThat(deployment.get("readyState").asText()).isEqualTo("ERROR");
        assertThat(deployment.get("errorCode").asText()).isEqualTo("BUILD_FAILED");
        assertThat(body(world.vercel("GET", "/v3/deployments/" + id + "/events?builds=1"))
                        .toString())
                .contains("Error: ");
        return deployment.get("errorMessage").asText();
    }

    private JsonNode deployment(String id) {
        return body(world.vercel("GET", "/v13/deployments/" + id));
    }

    private Answer createProject() {
        return world.vercel(
                "POST",
                "/v11/projects",
                "{'name':'docs-site-x','gitRepository':{'type':'github','repo':'example-hub/docs-site-x'}}");
    }

    private Answer deploy(String sha) {
        return world.vercel(
                "POST",
                "/v13/deployments",
                "{'name':'docs-site-x','target':'production','gitSource':{'type':'github','org':'example-hub','repo':"
                        + "'docs-site-x','ref':'main','sha':'" + sha + "'}}");
    }

    private void setNotice(String notice) {
        Answer answer = world.vercel(
                "POST",
                ENV + "?upsert=true",
                "[{'key':'NOTICE','value':'" + notice + "','type':'encrypted','target':['production']}]");
        assertThat(answer.status()).isEqualTo(201);
    }

    private void dns(String name, String type, String value) {
        world.sandbox().store().write(() -> world.sandbox().dns().put(name, List.of(new FakeDns.Record(type, value))));
    }
}
