package io.offshoot.github;

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
 * Deletes the repositories that runs of the contract test left in an organisation: those whose names begin with
 * {@link #PREFIX}, and no others.
 */
public record Sweeper(URI api, String organization, String token) {

    public static final String PREFIX = "offshoot-sweep-";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /**
     * @param age those that are younger may be of a run that is under way
     * @return the full names of what was deleted
     */
    public List<String> sweep(Duration age) throws IOException, InterruptedException {
        var swept = new ArrayList<String>();
        for (int page = 1; ; page++) {
            var listed = call("GET", "/orgs/%s/repos?per_page=100&page=%d".formatted(organization, page));
            if (listed.statusCode() != 200) {
                throw new IOException("The list of repositories answered " + listed.statusCode());
            }
            var repositories = new ObjectMapper().readTree(listed.body());
            for (JsonNode repository : repositories) {
                var made = Instant.parse(repository.path("created_at").asText());
                if (repository.path("name").asText().startsWith(PREFIX)
                        && !made.isAfter(Instant.now().minus(age))) {
                    swept.add(repository.path("full_name").asText());
                }
            }
            if (repositories.size() < 100) {
                break;
            }
        }
        for (String fullName : swept) {
            var deleted = call("DELETE", "/repos/" + fullName).statusCode();
            if (deleted != 204 && deleted != 404) {
                throw new IOException("Deleting %s answered %d".formatted(fullName, deleted));
            }
        }
        return swept;
    }

    private HttpResponse<String> call(String method, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(api + path))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/vnd.github+json")
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public String toString() {
        return "a sweeper of " + organization;
    }
}
