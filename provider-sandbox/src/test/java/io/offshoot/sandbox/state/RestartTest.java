package io.offshoot.sandbox.state;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.sandbox.World;
import io.offshoot.sandbox.outgoing.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {

    @TempDir
    Path data;

    @Test
    void restartKeepsEverythingThatWasAnswered() {
        World before = World.over(Store.in(data));
        before.repository("hub-docs");
        String commit = before.change("hub-docs", "docs/index.md", "# Kept {{env.NOTICE}}");
        before.project("hub-docs");
        before.vercel(
                "POST",
                "/v10/projects/hub-docs/env?upsert=true",
                "{'key':'NOTICE','value':'notice','type':'plain','target':['production']}");
        before.vercel("POST", "/v10/projects/hub-docs/domains", "{'name':'docs.example.org'}");
        String deployment = before.deploy("hub-docs").get("id").asText();
        int calls = before.sandbox().journal().entries().size();
        before.close();

        World after = before.restartedOver(Store.in(data));
        after.pass(40);

        assertThat(after.head("hub-docs")).isEqualTo(commit);
        assertThat(body(after.vercel("GET", "/v13/deployments/" + deployment))
                        .get("readyState")
                        .asText())
                .isEqualTo("READY");
        assertThat(after.site("hub-docs.vercel.app", "index.html")).contains("Kept notice");
        assertThat(after.vercel("GET", "/v9/projects/hub-docs/domains/docs.example.org")
                        .status())
                .isEqualTo(200);
        assertThat(after.sandbox().journal().entries()).hasSize(calls + 3);
        after.close();
    }

    @Test
    void messageThatWasBeingSentIsSentAgain() {
        World before = World.over(Store.in(data));
        before.repository("hub-docs");
        before.github(
                "POST", "/repos/example-hub/hub-docs/hooks", "{'name':'web','config':{'url':'http://127.0.0.1:1/x'}}");
        var sent = before.sent();
        before.close();

        World after = before.restartedOver(Store.in(data));

        assertThat(sent).hasSize(1);
        assertThat(after.sent())
                .extracting(Delivery::headers)
                .containsExactly(sent.get(0).headers());
        after.close();
    }

    @Test
    void lineCutShortByTheDeathOfTheProcessIsForgotten() throws IOException {
        Store store = Store.in(data);
        Table<String> table = store.table("words", String.class);
        store.write(() -> table.put("a", "kept"));
        store.close();
        Files.writeString(data.resolve("state.log"), "[{\"table\":\"words\",\"key\":\"b\"", StandardOpenOption.APPEND);

        Store again = Store.in(data);
        Table<String> words = again.table("words", String.class);
        again.write(() -> words.put("c", "new"));
        again.close();

        Store last = Store.in(data);
        assertThat(last.table("words", String.class).entries()).containsOnlyKeys("a", "c");
        last.close();
    }

    @Test
    void workThatFailsLeavesNoTrace() {
        Store store = Store.in(data);
        Table<List<?>> table = untyped(store);

        assertThatThrownBy(() -> store.write(() -> {
                    table.put("a", List.of(1));
                    throw new IllegalStateException("halfway");
                }))
                .hasMessage("halfway");

        assertThat(table.values()).isEmpty();
        store.close();
        Store again = Store.in(data);
        assertThat(untyped(again).values()).isEmpty();
        again.close();
    }

    @SuppressWarnings("unchecked")
    private static Table<List<?>> untyped(Store store) {
        return (Table<List<?>>) (Table<?>) store.table("lists", List.class);
    }
}
