package io.offshoot.localstack.demo;

import io.offshoot.contracts.query.DeploymentView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The site of one app. */
public record Site(String app, URI address) {

    /** The sites of every app that has come so far. */
    public static List<Site> of(DeploymentView deployment) {
        var sites = new ArrayList<Site>();
        for (var app : deployment.apps()) {
            address(app).ifPresent(address -> sites.add(new Site(app.appId(), address)));
        }
        return List.copyOf(sites);
    }

    /** What the page lacks of the marks, or why it is not served; empty if all is there. */
    public Optional<String> missing(HttpClient http, List<String> marks) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(address)
                    .timeout(Duration.ofSeconds(10))
                    .build();
            var page = http.send(request, BodyHandlers.ofString());
            if (page.statusCode() != 200) {
                return Optional.of("%s answers %d".formatted(address, page.statusCode()));
            }
            return marks.stream()
                    .filter(mark -> !page.body().contains(mark))
                    .findFirst()
                    .map(mark -> "%s does not show \"%s\"".formatted(address, mark));
        } catch (IOException e) {
            return Optional.of("%s is not served: %s".formatted(address, e.getMessage()));
        }
    }

    /** The domain's address once there is one, else that of the production deployment. */
    private static Optional<URI> address(DeploymentView.App app) {
        for (var action : List.of("domain", "deployment")) {
            for (var view : app.actions()) {
                if (view.actionId().equals(action)
                        && view.outputs() != null
                        && view.outputs().hasNonNull("url")) {
                    return Optional.of(URI.create(view.outputs().get("url").asText()));
                }
            }
        }
        return Optional.empty();
    }
}
