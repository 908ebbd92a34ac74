package io.offshoot.sandbox.control;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.sandbox.World;
import io.offshoot.sandbox.dns.FakeDns;
import io.offshoot.sandbox.exchange.Answer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private final World world = World.inMemory();

    @Test
    void faultBeginsWithTheNthMatchingCallAndHappensAsOftenAsOrdered() {
        world.fault("{'match':{'provider':'github','method':'GET','path':'^/user$','nth':2},'then':{'status':503},"
                + "'times':2}");

        assertThat(world.vercel("GET", "/v2/user").status()).isEqualTo(200);
        assertThat(world.github("GET", "/user").status()).isEqualTo(200);
        assertThat(world.github("GET", "/rate_limit").status()).isEqualTo(200);
        assertThat(world.github("GET", "/user").status()).isEqualTo(503);
        assertThat(world.github("GET", "/user").status()).isEqualTo(503);
        assertThat(world.github("GET", "/user").status()).isEqualTo(200);
    }

    @Test
    void answerInPlaceOfTheProvidersHasNoEffect() {
        world.fault("{'match':{'method':'POST','path':'generate'},'then':{'status':503}}");

        world.github("POST", "/repos/offshoot-upstream/docs-site/generate", "{'owner':'example-hub','name':'docs'}");

        assertThat(world.github("GET", "/repos/example-hub/docs").status()).isEqualTo(404);
    }

    @Test
    void orderedBuildErrorFailsTheBuild() {
        world.repository("docs-x");
        world.project("docs-x");
        world.fault("{'match':{'provider':'vercel','method':'POST','path':'/deployments'},'then':{'buildError':true}}");

        String id = world.deploy("docs-x").get("id").asText();
        world.pass(40);

        assertThat(World.body(world.vercel("GET", "/v13/deployments/" + id))
                        .get("readyState")
                        .asText())
                .isEqualTo("ERROR");
    }

    @Test
    void serviceIsDownAndSaysForHowLong() {
        world.fault("{'then':{'status':503,'headers':{'Retry-After':'7'}}}");

        Answer down = world.github("GET", "/user");

        assertThat(down.status()).isEqualTo(503);
        assertThat(down.headers()).containsEntry("Retry-After", "7");
    }

    @Test
    void tokenIsRefusedOnce() {
        world.fault("{'match':{'provider':'github'},'then':{'unauthorized':true}}");
        world.fault("{'match':{'provider':'vercel'},'then':{'unauthorized':true}}");

        Answer github = world.github("GET", "/user");
        Answer vercel = world.vercel("GET", "/v2/user");

        assertThat(github.status()).isEqualTo(401);
        assertThat(body(github).get("message").asText()).isEqualTo("Bad credentials");
        assertThat(vercel.status()).isEqualTo(401);
        assertThat(world.github("GET", "/user").status()).isEqualTo(200);
        assertThat(world.vercel("GET", "/v2/user").status()).isEqualTo(200);
    }

    @Test
    void orderedPrimaryLimitIsKeptUpUntilItsEnd() {
        world.settings("{'githubSecondarySeconds':60}");
        world.fault("{'match':{'provider':'github'},'then':{'limit':'primary','status':429}}");

        Answer ordered = world.github("GET", "/user");
        world.pass(59);
        Answer early = world.github("GET", "/user");
        world.pass(1);

        assertThat(ordered.status()).isEqualTo(429);
        assertThat(ordered.headers())
                .containsEntry("x-ratelimit-remaining", "0")
                .doesNotContainKey("Retry-After");
        assertThat(early.status()).isEqualTo(403);
        assertThat(world.sandbox().journal().last().limited().again()).isTrue();
        assertThat(world.github("GET", "/user").status()).isEqualTo(200);
    }

    @Test
    void orderedSecondaryLimitSaysWhenToComeAgain() {
        world.fault("{'match':{'provider':'github'},'then':{'limit':'secondary'}}");
        world.fault("{'match':{'provider':'vercel'},'then':{'limit':'primary'}}");

        Answer github = world.github("GET", "/user");
        Answer vercel = world.vercel("GET", "/v2/user");

        assertThat(github.status()).isEqualTo(403);
        assertThat(github.headers()).containsEntry("Retry-After", "1");
        assertThat(body(github).get("message").asText()).contains("secondary rate limit");
        assertThat(vercel.status()).isEqualTo(429);
        assertThat(body(vercel).at("/error/limit/remaining").asInt()).isZero();
    }

    @Test
    void stuckBuildNeverEndsAndASlowOneTakesTenTimesAsLong() {
        world.repository("docs-x");
        world.project("docs-x");
        world.fault("{'match':{'path':'/deployments'},'then':{'buildStuck':true}}");
        String stuck = world.deploy("docs-x").get("id").asText();
        world.fault("{'match':{'path':'/deployments$','method':'POST'},'then':{'buildSlow':true}}");
        String slow = world.deploy("docs-x").get("id").asText();

        world.pass(180);
        String soon = state(slow);
        world.pass(120);

        assertThat(soon).isEqualTo("BUILDING");
        assertThat(state(slow)).isEqualTo("READY");
        world.pass(24 * 3600);
        assertThat(state(stuck)).isEqualTo("BUILDING");
    }

    @Test
    void somebodyCancelsABuild() {
        world.repository("docs-x");
        world.project("docs-x");
        world.fault("{'match':{'path':'/deployments'},'then':{'buildCanceled':true}}");
        String id = world.deploy("docs-x").get("id").asText();

        world.pass(6);
        String before = state(id);
        world.pass(40);

        assertThat(before).isEqualTo("BUILDING");
        assertThat(state(id)).isEqualTo("CANCELED");
        assertThat(world.site("docs-x.vercel.app", "index.html")).isEqualTo("nothing");
    }

    @Test
    void domainIsNeverVerifiedWhateverIsWritten() {
        world.repository("docs-x");
        world.project("docs-x");
        world.fault("{'match':{'path':'/domains'},'then':{'domainNeverVerified':true}}");
        world.vercel("POST", "/v10/projects/docs-x/domains", "{'name':'docs.example.org'}");
        String path = "/v9/projects/docs-x/domains/docs.example.org";
        var challenge = body(world.vercel("GET", path)).at("/verification/0");
        world.sandbox().store().write(() -> world.sandbox()
                .dns()
                .put(
                        challenge.get("domain").asText(),
                        List.of(new FakeDns.Record("TXT", challenge.get("value").asText()))));

        Answer verified = world.vercel("POST", path + "/verify");

        assertThat(verified.status()).isEqualTo(400);
        assertThat(body(verified).at("/error/code").asText()).isEqualTo("missing_txt_record");
    }

    @Test
    void nameIsTakenBetweenLookUpAndCreate() {
        int free = world.github("GET", "/repos/example-hub/docs-x").status();
        world.fault("{'match':{'path':'/generate$'},'then':{'nameTaken':true}}");
        Answer generated = world.github(
                "POST", "/repos/offshoot-upstream/docs-site/generate", "{'owner':'example-hub','name':'docs-x'}");
        world.fault("{'match':{'path':'/forks$'},'then':{'nameTaken':true}}");
        Answer forked = world.github(
                "POST", "/repos/offshoot-upstream/docs-site/forks", "{'organization':'example-hub','name':'docs-y'}");
        world.fault("{'match':{'path':'/projects$'},'then':{'nameTaken':true}}");
        Answer project = world.vercel("POST", "/v11/projects", "{'name':'docs-x'}");

        assertThat(free).isEqualTo(404);
        assertThat(generated.status()).isEqualTo(422);
        assertThat(body(generated).get("message").asText())
                .isEqualTo("Could not clone: Name already exists on this account");
        assertThat(body(world.github("GET", "/repos/example-hub/docs-x"))
                        .get("description")
                        .asText())
                .isEqualTo("Somebody else's");
        assertThat(forked.status()).isEqualTo(422);
        assertThat(project.status()).isEqualTo(409);
        assertThat(world.vercel("GET", "/v9/projects/docs-x").status()).isEqualTo(200);
    }

    @Test
    void misspeltFaultIsRefused() {
        assertThatThrownBy(() -> world.fault("{'then':{'limit':'tertiary'}}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> world.fault("{'then':{'buildErrors':true}}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sameSeedGivesTheSameFaults() {
        assertThat(spoilt(7)).isEqualTo(spoilt(7)).hasSizeBetween(10, 90);
        assertThat(spoilt(7)).isNotEqualTo(spoilt(8));
    }

    @Test
    void faultsByChanceEndWhenFaultsAreForgotten() {
        world.sandbox().faults().add(new RandomFaults(new RandomFaults.Plan(7, 1, List.of("serverError"))));
        int spoilt = world.github("GET", "/user").status();

        world.sandbox().faults().clear();

        assertThat(spoilt).isEqualTo(500);
        assertThat(world.github("GET", "/user").status()).isEqualTo(200);
    }

    @Test
    void everyKindByChanceIsAFault() {
        for (String kind : RandomFaults.known()) {
            var faults = new RandomFaults(new RandomFaults.Plan(7, 1, List.of(kind)));

            assertThat(faults.next(kind.startsWith("webhook"))).isPresent();
            assertThat(faults.next(!kind.startsWith("webhook"))).isEmpty();
        }
    }

    /** What by chance happens to the first two hundred calls. */
    private static List<String> spoilt(long seed) {
        var faults = new RandomFaults(new RandomFaults.Plan(seed, 0.2, null));
        return IntStream.range(0, 200)
                .mapToObj(call -> call + ": " + faults.next(false))
                .filter(line -> !line.endsWith("Optional.empty"))
                .toList();
    }

    private String state(String id) {
        return body(world.vercel("GET", "/v13/deployments/" + id))
                .get("readyState")
                .asText();
    }

    @Test
    void journalHoldsNoSecretValue() {
        world.repository("docs-x");
        world.project("docs-x");
        world.vercel(
                "POST",
                "/v10/projects/docs-x/env?upsert=true",
                "[{'key':'K','value':'hush','type':'encrypted','target':['production']}]");

        var last = world.sandbox().journal().entries();

        assertThat(last.toString()).contains("environment of docs-x set: K").doesNotContain("hush", "vercel-token");
    }

    @Test
    void resetForgetsAllButTheUpstream() {
        world.repository("docs-x");
        world.project("docs-x");

        world.sandbox().reset();

        assertThat(world.sandbox().repositories().all()).hasSize(1);
        assertThat(world.sandbox().journal().entries()).isEmpty();
        assertThat(world.github("GET", "/repos/offshoot-upstream/docs-site").status())
                .isEqualTo(200);
    }
}
