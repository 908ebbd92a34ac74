package io.offshoot.github.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.call.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that GitHub really gave are understood. */
class RecordingsTest {

    private static final ObjectMapper JSON = new GitHub.Json().getContext(Object.class);

    @ParameterizedTest
    @CsvSource({
        "get-repository, hello-world, master",
        "rename-repository, rename-repository-newname, main",
    })
    void repositoryIsRead(String recording, String name, String branch) throws IOException {
        var answers = answers(recording, 200);

        assertThat(answers).isNotEmpty();
        for (JsonNode answer : answers) {
            var repository = JSON.treeToValue(answer, GitHub.Repository.class);
            assertThat(repository.id()).isEqualTo(1000);
            assertThat(repository.fullName()).isEqualTo("octokit-fixture-org/" + name);
            assertThat(repository.defaultBranch()).isEqualTo(branch);
            assertThat(repository.htmlUrl()).hasScheme("https");
            assertThat(repository.createdAt()).isNotNull();
            assertThat(Optional.ofNullable(repository.templateRepository())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201})
    void refIsRead(int status) throws IOException {
        var refs =
                answers("git-refs", status).stream().filter(JsonNode::isObject).toList();

        assertThat(refs).isNotEmpty();
        for (JsonNode ref : refs) {
            assertThat(JSON.treeToValue(ref, GitHub.Ref.class).object().sha()).matches("[0-9a-f]{40}");
        }
    }

    @Test
    void commitIsRead() throws IOException {
        var commit = JSON.treeToValue(answers("create-file", 201).get(0).get("commit"), GitHub.Commit.class);

        assertThat(commit.sha()).matches("[0-9a-f]{40}");
        assertThat(commit.tree().sha()).matches("[0-9a-f]{40}");
        assertThat(commit.message()).isEqualTo("create test.txt");
    }

    @ParameterizedTest
    @CsvSource({"errors, 422, unprocessable", "rename-repository, 301, moved", "rename-repository, 307, moved"})
    void refusalIsUnderstood(String recording, int status, String code) throws IOException {
        var answers = answers(recording, status);

        assertThat(answers).hasSize(1);
        ProviderException refusal =
                new GitHubRefusals(null).of(new Answer(status, header -> null, answers.get(0)), true);
        assertThat(refusal.is(code)).isTrue();
    }

    private static List<JsonNode> answers(String recording, int status) throws IOException {
        try (var file = RecordingsTest.class.getResourceAsStream("/recordings/" + recording + ".json")) {
            return StreamSupport.stream(JSON.readTree(file).spliterator(), false)
                    .filter(call -> call.get("status").asInt() == status)
                    .map(call -> call.get("response"))
                    .toList();
        }
    }
}
