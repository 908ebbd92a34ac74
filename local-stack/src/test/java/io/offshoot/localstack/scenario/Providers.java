package io.offshoot.localstack.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.Messages;
import io.offshoot.localstack.sandbox.SandboxControl;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;

/** What the sandbox has seen and holds. */
final class Providers {

    private final SandboxControl sandbox;

    Providers(SandboxControl sandbox) {
        this.sandbox = sandbox;
    }

    List<String> repositoriesOf(String slug) throws IOException, InterruptedException {
        return list(sandbox.resources().path("repositories")).stream()
                .map(repository -> repository.path("fullName").asText())
                .filter(name -> name.contains("/" + slug + "-"))
                .sorted()
                .toList();
    }

    List<JsonNode> projectsOf(String slug) throws IOException, InterruptedException {
        return list(sandbox.resources().at("/vercel/projects")).stream()
                .filter(project -> project.path("name").asText().startsWith(slug + "-"))
                .toList();
    }

    List<JsonNode> deploymentsOf(String slug) throws IOException, InterruptedException {
        return list(sandbox.resources().at("/vercel/deployments")).stream()
                .filter(deployment -> deployment.path("name").asText().startsWith(slug + "-"))
                .toList();
    }

    /** The calls that changed something, for which that method was used on a path that contains the text. */
    List<JsonNode> effects(String provider, String method, String path) throws IOException, InterruptedException {
        return list(sandbox.journal()).stream()
                .filter(entry -> entry.path("provider").asText().equals(provider))
                .filter(entry -> entry.path("method").asText().equals(method))
                .filter(entry -> entry.path("path").asText().contains(path))
                .filter(entry -> entry.hasNonNull("effect"))
                .toList();
    }

    /** Lets the next call of that kind go wrong in the way given as JSON. */
    void fault(String provider, String method, String path, String then) throws IOException, InterruptedException {
        var fault = Messages.json().createObjectNode();
        fault.putObject("match").put("provider", provider).put("method", method).put("path", path);
        fault.set("then", Messages.json().readTree(then));
        fault.put("times", 1);
        sandbox.post("/faults", fault);
    }

    /** What a person does at the registrar. */
    void setDns(Instructions.DnsRecord record) throws IOException, InterruptedException {
        var records = Messages.json().createArrayNode();
        records.addObject().put("type", record.type()).put("value", record.value());
        sandbox.put("/dns/" + record.name(), records);
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
