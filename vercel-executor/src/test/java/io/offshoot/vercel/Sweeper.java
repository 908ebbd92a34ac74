package io.offshoot.vercel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes the projects that runs of the contract test left in a team: those whose names begin with
 * {@link #PREFIX}, and no others.
 */
public record Sweeper(URI api, String team, String token) {

    public static final String PREFIX = "offshoot-sweep-";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /**
     * @param age those that are younger may be of a run that is under way
     * @return the names of what was deleted
     */
    public List<String> sweep(Duration age) throws IOException, InterruptedException {
        var old = new ArrayList<JsonNode>();
        var from = "";
        do {
            var listed = call("GET", "/v10/projects?limit=100&search=%s&teamId=%s%s".formatted(PREFIX, team, from));
            if (listed.statusCode() != 200) {
                throw new IOException("The list of projects answered " + listed.statusCode());
            }
            var page = new ObjectMapper().readTree(listed.body());
            for (JsonNode project : page.path("projects")) {
                var made = Instant.ofEpochMilli(project.path("createdAt").asLong());
                if (project.path("name").asText().startsWith(PREFIX)
                        && !made.isAfter(Instant.now().minus(age))) {
                    old.add(project);
                }
            }
            var next = page.path("pagination").path("next");
            from = next.isMissingNode() || next.isNull() ? "" : "&from=" + next.asText();
        } while (!from.isEmpty());
        for (JsonNode project : old) {
            var deleted = call(
                            "DELETE",
                            "/v9/projects/%s?teamId=%s"
                                    .formatted(project.path("id").asText(), team))
                    .statusCode();
            if (deleted != 204 && deleted != 404) {
                throw new IOException(
                        "Deleting %s answered %d".formatted(project.path("name").asText(), deleted));
            }
        }
        return old.stream().map(project -> project.path("name").asText()).toList();
    }

    private HttpResponse<String> call(String method, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(api + path))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public String toString() {
        return "a sweeper of " + team;
    }
}
