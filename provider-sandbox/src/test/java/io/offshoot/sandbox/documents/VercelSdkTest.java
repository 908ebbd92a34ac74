package io.offshoot.sandbox.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.sandbox.control.Sandbox;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vercel's own SDK finds nothing wrong with the sandbox. It checks every answer against Vercel's schemas. */
@QuarkusTest
class VercelSdkTest {

    @TestHTTPResource("/vercel")
    URI vercel;

    @Inject
    Sandbox sandbox;

    @BeforeEach
    void repository() {
        sandbox.reset();
        github("POST", "/repos/offshoot-upstream/docs-site/generate", "example-hub", "docs");
        await().until(() -> github("GET", "/repos/example-hub/docs/contents/site.json", null, null)
                        .status()
                == 200);
        await("Vercel knows the commit").until(this::isIndexed);
    }

    @Test
    void sdkRunsTheWholeListWithoutAFailure() {
        String said = Npm.run(
                "oracle.mjs",
                vercel.toString(),
                "vercel-token-for-tests",
                "team_example",
                "example-hub/docs",
                "control-token-for-tests");

        System.out.println(said);
        assertThat(said).doesNotContain("FAILED").containsPattern("calls [3-9]\\d+, failures 0");
        assertThat(said.lines()
                        .filter(line -> line.startsWith("ok "))
                        .map(line -> String.join(" ", line.split(" ")[1], line.split(" ")[2])
                                .replaceAll("\\{[^}]+}", "{}"))
                        .collect(Collectors.toSet()))
                .containsAll(sandbox.vercel().known().stream()
                        .map(one -> one.method() + " " + one.path().replaceAll("\\{[^}]+}", "{}"))
                        .toList());
        assertThat(sandbox.journal().entries()).noneMatch(entry -> entry.unknown());
    }

    private boolean isIndexed() {
        var repositories = sandbox.repositories();
        var docs = repositories.find("example-hub", "docs").orElseThrow();
        return repositories
                .head(docs, "main")
                .flatMap(sha -> repositories.knownSince(docs, sha))
                .orElseThrow()
                .isBefore(
                        sandbox.clock().instant().minus(sandbox.settings().get().scaled(1)));
    }

    private Answer github(String method, String path, String owner, String name) {
        Call call = Call.of(method, path, "Bearer github-token-for-tests");
        var body = JsonNodeFactory.instance.objectNode().put("owner", owner).put("name", name);
        return sandbox.answer("github", owner == null ? call : call.with(body)).answer();
    }
}
