package io.offshoot.localstack.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.localstack.sandbox.SandboxControl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What the providers have, as their sandbox tells, against what the steps say of themselves. */
final class Effects {

    private static final Set<String> FAILED = Set.of("ERROR", "CANCELED", "DELETED");

    private final SandboxControl sandbox;
    private final String slug;
    private final Map<String, Integer> moves = new TreeMap<>();
    private long lastRead;

    /** @param slug begins the names of what was deployed */
    Effects(SandboxControl sandbox, String slug) {
        this.sandbox = sandbox;
        this.slug = slug;
    }

    /**
     * What was found.
     *
     * @param duplicates what is there more than once, or was done more than once
     * @param lost what a succeeded step says it made and is not there
     * @param reconciled things made twice of which one was taken back
     */
    record Found(List<String> duplicates, List<String> lost, int reconciled) {}

    /** Takes note of what the journal has that is new: it keeps only its last entries. */
    void read() throws IOException, InterruptedException {
        for (var entry : sandbox.journal()) {
            var number = entry.get("number").asLong();
            if (number <= lastRead) {
                continue;
            }
            lastRead = number;
            var what = entry.at("/effect/what").asText();
            if (what.contains(slug)
                    && (what.contains("created") || what.contains("moved") || what.contains("forked"))) {
                moves.merge(what, 1, Integer::sum);
            }
        }
    }

    Found compare(Collection<DeploymentView> deployments) throws IOException, InterruptedException {
        read();
        var resources = sandbox.resources();
        var duplicates = new ArrayList<String>();
        var reconciled = new int[1];
        moves.forEach((what, times) -> {
            // A resumed step deploys anew: deployments are told apart by their key, below.
            if (times > 1 && !what.startsWith("deployment of")) {
                duplicates.add("%s %d times".formatted(what, times));
            }
        });
        more(list(resources.path("repositories")), one -> one.path("fullName").asText(), "repository", duplicates);
        more(list(resources.at("/vercel/projects")), one -> one.path("name").asText(), "project", duplicates);
        var builds = list(resources.at("/vercel/deployments"));
        builds.stream()
                .filter(one -> one.at("/meta/offshootEffect").isTextual())
                .collect(Collectors.groupingBy(
                        one -> one.at("/meta/offshootEffect").asText()))
                .forEach((key, made) -> {
                    var standing = made.stream()
                            .filter(one -> !FAILED.contains(one.path("state").asText()))
                            .count();
                    var takenBack = made.stream()
                            .filter(one -> one.path("state").asText().matches("CANCELED|DELETED"))
                            .count();
                    if (standing > 1) {
                        duplicates.add("deployment of %s with key %s %d times"
                                .formatted(made.get(0).path("name").asText(), key, standing));
                    } else if (standing == 1 && takenBack > 0) {
                        reconciled[0] += (int) takenBack;
                    }
                });
        var lost = new ArrayList<String>();
        deployments.forEach(deployment -> missing(deployment, resources, lost));
        return new Found(duplicates, lost, reconciled[0]);
    }

    private void more(List<JsonNode> things, Function<JsonNode, String> name, String what, List<String> duplicates) {
        var seen = new HashSet<String>();
        things.stream()
                .map(name)
                .filter(one -> one.contains(slug) && !seen.add(one))
                .forEach(one -> duplicates.add("%s %s twice".formatted(what, one)));
    }

    private static void missing(DeploymentView deployment, JsonNode resources, List<String> lost) {
        for (var app : deployment.apps()) {
            var done = new HashMap<String, ActionView>();
            app.actions().stream()
                    .filter(action -> action.status() == PublicStatus.DONE)
                    .forEach(action -> done.put(action.actionId(), action));
            done.forEach((step, action) -> {
                if (!isThere(step, action.outputs(), done, resources)) {
                    lost.add("the effect of %s/%s/%s".formatted(deployment.id(), app.appId(), step));
                }
            });
        }
    }

    private static boolean isThere(String step, JsonNode outputs, Map<String, ActionView> done, JsonNode resources) {
        return switch (step) {
            case "repository" ->
                list(resources.path("repositories")).stream()
                        .anyMatch(one ->
                                one.path("id").asLong() == outputs.path("id").asLong()
                                        && one.path("fullName").equals(outputs.path("fullName")));
            case "customise" -> {
                var repository = done.get("repository").outputs();
                yield list(resources.path("repositories")).stream()
                        .filter(one ->
                                one.path("id").asLong() == repository.path("id").asLong())
                        .anyMatch(one -> list(one.path("refs")).contains(outputs.path("sha")));
            }
            case "project" -> project(resources, outputs.path("id")) != null;
            case "environment" -> {
                var project = project(resources, done.get("project").outputs().path("id"));
                yield project != null && list(project.path("env")).containsAll(list(outputs.path("variables")));
            }
            case "deployment" ->
                list(resources.at("/vercel/deployments")).stream()
                        .anyMatch(one -> one.path("id").equals(outputs.path("deploymentId"))
                                && one.path("state").asText().equals("READY"));
            default -> true;
        };
    }

    private static JsonNode project(JsonNode resources, JsonNode id) {
        return list(resources.at("/vercel/projects")).stream()
                .filter(one -> one.path("id").equals(id))
                .findFirst()
                .orElse(null);
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
