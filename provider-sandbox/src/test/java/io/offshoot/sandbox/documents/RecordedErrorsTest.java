package io.offshoot.sandbox.documents;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.sandbox.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The sandbox's refusals have what recorded refusals of GitHub have; what GitHub added since is documented. */
class RecordedErrorsTest {

    private static final Path RECORDINGS = Path.of("../github-executor/src/test/resources/recordings");

    private final World world = World.inMemory();

    @Test
    void refusalOfAFieldHasTheRecordedMembers() throws IOException {
        JsonNode recorded = recorded("errors", 422);
        world.repository("docs");

        JsonNode ours = body(world.github("PATCH", "/repos/example-hub/docs", "{'default_branch':'nowhere'}"));

        assertThat(names(ours)).containsAll(names(recorded));
        assertThat(names(ours.at("/errors/0"))).containsAll(names(recorded.at("/errors/0")));
    }

    @Test
    void redirectHasTheRecordedMembers() throws IOException {
        world.repository("docs");
        world.github("PATCH", "/repos/example-hub/docs", "{'name':'handbook'}");

        JsonNode read = body(world.github("GET", "/repos/example-hub/docs"));
        JsonNode write = body(world.github("PATCH", "/repos/example-hub/docs", "{'description':'x'}"));

        assertThat(names(read)).isEqualTo(names(recorded("rename-repository", 301)));
        assertThat(names(write)).isEqualTo(names(recorded("rename-repository", 307)));
        assertThat(read.get("message"))
                .isEqualTo(recorded("rename-repository", 301).get("message"));
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        assertThat(names).isNotEmpty();
        return names;
    }

    private static JsonNode recorded(String recording, int status) throws IOException {
        JsonNode calls = new ObjectMapper()
                .readTree(RECORDINGS.resolve(recording + ".json").toFile());
        return StreamSupport.stream(calls.spliterator(), false)
                .filter(call -> call.get("status").asInt() == status)
                .findFirst()
                .orElseThrow()
                .get("response");
    }
}
