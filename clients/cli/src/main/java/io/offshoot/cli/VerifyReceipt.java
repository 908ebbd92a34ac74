package io.offshoot.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offshoot.proof.key.PublishedKeys;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether a receipt is valid, and what it proves. Reads the files it is given, and follows no address in them. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Verifies a receipt offline, and says in plain words what it proves.",
        footer = {
            "",
            "Exit code: 0 if it is valid, 1 if it is not, 2 if the command or one of its files cannot be used."
        })
final class VerifyReceipt implements Callable<Integer> {

    private static final int SUBJECTS_SHOWN = 50;

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @Parameters(paramLabel = "FILE", description = "The receipt: GET /api/v1/deployments/{id}/receipt, saved.")
    private Path receipt;

    @Option(
            names = "--keys",
            required = true,
            paramLabel = "FILE",
            description = "The platform's keys: GET /api/v1/receipts/jwks.json, saved from a source you trust.")
    private Path keys;

    @Option(
            names = "--hub-keys",
            paramLabel = "FILE",
            description = "The hub's keys, a JSON Web Key Set: is one of its signatures there?")
    private Path hubKeys;

    @Option(
            names = "--events",
            paramLabel = "FILE",
            description = "The deployment's events: GET …/events, saved. Their hash chain is computed again.")
    private Path events;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws JsonProcessingException {
        var out = spec.commandLine().getOut();
        var platform = keys(keys);
        var hub = hubKeys == null ? null : keys(hubKeys);
        var report = Verification.of(
                Input.bytes(receipt, Input.LARGEST),
                platform,
                hub,
                events == null ? null : EventFile.read(Input.bytes(events, Input.LARGEST_LOG)));
        if (json) {
            out.println(json(report));
        } else {
            tell(report, out);
        }
        return report.isValid() ? 0 : 1;
    }

    private static PublishedKeys keys(Path file) {
        try {
            return PublishedKeys.read(Input.bytes(file, Input.LARGEST));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s cannot be used: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static void tell(Verification.Report report, PrintWriter out) {
        if (!report.isValid()) {
            out.println("NOT VALID");
            report.wrong().forEach(why -> out.println("  " + why));
            return;
        }
        var facts = report.facts();
        out.println("VALID");
        out.printf(
                "  Deployment %s of the hub %s: %s%n",
                facts.deployment(), Plain.text(facts.hub()), Plain.text(facts.outcome()));
        out.printf("  Workflow %s, by %s%n", Plain.text(facts.workflow()), Plain.text(facts.builder()));
        out.printf(
                "  From %s to %s, %d events, head %s%n",
                facts.started(), facts.finished(), facts.seq(), Plain.text(facts.head()));
        facts.apps().forEach(app -> out.printf("  App %s: %s%n", Plain.text(app.id()), Plain.text(app.outcome())));
        list(
                out,
                "It is about:",
                facts.subjects().stream()
                        .limit(SUBJECTS_SHOWN)
                        .map(subject -> subject.digest().containsKey("gitCommit")
                                ? "%s at commit %s"
                                        .formatted(
                                                Plain.text(subject.name()),
                                                Plain.text(subject.digest().get("gitCommit")))
                                : Plain.text(subject.name()))
                        .toList());
        if (facts.subjects().size() > SUBJECTS_SHOWN) {
            out.printf("  - and %d more (--json shows all)%n", facts.subjects().size() - SUBJECTS_SHOWN);
        }
        list(out, "Proven:", report.proven());
        list(out, "Not proven:", report.notProven());
    }

    private static void list(PrintWriter out, String title, List<String> lines) {
        out.println(title);
        lines.forEach(line -> out.println("  - " + line));
    }

    private static String json(Verification.Report report) throws JsonProcessingException {
        var object = JSON.createObjectNode().put("valid", report.isValid());
        report.wrong().forEach(object.putArray("wrong")::add);
        report.proven().forEach(object.putArray("proven")::add);
        report.notProven().forEach(object.putArray("notProven")::add);
        if (report.facts() != null) {
            var facts = report.facts();
            var shown = object.putObject("receipt")
                    .put("deployment", facts.deployment().toString())
                    .put("hub", facts.hub())
                    .put("builder", facts.builder())
                    .put("workflow", facts.workflow())
                    .put("outcome", facts.outcome())
                    .put("startedOn", facts.started().toString())
                    .put("finishedOn", facts.finished().toString())
                    .put("seq", facts.seq())
                    .put("head", facts.head());
            facts.apps().forEach(app -> shown.withArray("apps")
                    .addObject()
                    .put("appId", app.id())
                    .put("outcome", app.outcome()));
            shown.set("subjects", JSON.valueToTree(facts.subjects()));
            shown.set("platformKeys", JSON.valueToTree(facts.platformKeys()));
            shown.set("hubKeys", JSON.valueToTree(facts.hubKeys()));
        }
        return JSON.writeValueAsString(object);
    }
}
