package io.offshoot.sandbox.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/** An API as a package from npm describes it: a process that has the package judges each exchange. */
final class Judge {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String script;
    private final Writer questions;
    private final BufferedReader answers;

    private Judge(String script, Process judge) {
        this.script = script;
        this.questions = judge.outputWriter(StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(judge.getInputStream(), StandardCharsets.UTF_8));
    }

    static Judge open(String script) {
        Npm.directory();
        Process judge = Npm.start("node", script);
        Runtime.getRuntime().addShutdownHook(new Thread(judge::destroy));
        return new Judge(script, judge);
    }

    /** Every operation as "METHOD /path/{with}/{placeholders}". */
    synchronized List<String> operations() {
        return ask(JSON.createObjectNode().put("list", true));
    }

    /** What in an exchange is not in the document. */
    synchronized List<String> objections(Exchange exchange) {
        ObjectNode question = JSON.createObjectNode()
                .put("method", exchange.method())
                .put("path", exchange.path())
                .put("status", exchange.status());
        var query = question.putArray("query");
        exchange.query().keySet().forEach(query::add);
        question.set("body", exchange.body().orElse(null));
        question.set("answer", exchange.answer().orElse(null));
        return ask(question);
    }

    /** What in a message that a provider sends out does not fit a type that a package exports. */
    synchronized List<String> objections(String from, String type, JsonNode message) {
        ObjectNode question = JSON.createObjectNode();
        question.putObject("message").put("from", from).put("type", type).set("value", message);
        return ask(question);
    }

    private List<String> ask(JsonNode question) {
        try {
            questions.write(question + "\n");
            questions.flush();
            String line = answers.readLine();
            if (line == null || !line.startsWith("[")) {
                throw new AssertionError(script + " said: " + line);
            }
            return StreamSupport.stream(JSON.readTree(line).spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
