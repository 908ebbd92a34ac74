package io.offshoot.orchestrator.survey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.orchestrator.deployment.SurveyRow;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What is said of a survey. Pure. */
final class Report {

    private static final ObjectMapper CANONICAL =
            Messages.json().copy().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    /** What a hash is of. Equal worlds have equal hashes: no times, no costs, no wording. */
    private record Subject(
            String definition, SurveyView.Kind kind, String appId, Object removal, List<SubjectOfStep> steps) {}

    private record SubjectOfStep(String appId, String stepId, ObjectNode input, List<Seen> seen) {}

    private record Seen(Finding.Kind kind, String resource, String id, String name, List<Finding.Change> changes) {}

    private Report() {}

    /** @param costs null if they are not asked for */
    static SurveyView view(SurveyRow survey, List<LookRow> looks, List<SurveyView.Cost> costs) {
        return new SurveyView(
                survey.id,
                survey.deploymentId,
                survey.kind,
                survey.appId,
                survey.removal,
                survey.doneAt != null,
                survey.complete,
                survey.hash,
                survey.askedBy,
                survey.askedAt,
                survey.doneAt,
                looks.stream()
                        .filter(look -> look.findings != null)
                        .flatMap(look -> look.findings.stream()
                                .map(finding -> new SurveyView.Found(
                                        look.key.appId(),
                                        look.key.stepId(),
                                        look.context == null ? null : look.context.unknown(),
                                        finding)))
                        .toList(),
                costs);
    }

    /** Whether everything could be read. */
    static boolean isComplete(List<LookRow> looks) {
        return looks.stream()
                .flatMap(look -> look.findings.stream())
                .noneMatch(finding -> finding.kind() == Finding.Kind.UNREAD);
    }

    /** @param definition digest of the workflow's definition @return SHA-256, in hexadecimal */
    static String hash(SurveyRow survey, String definition, List<LookRow> looks) {
        var steps = new ArrayList<SubjectOfStep>();
        for (LookRow look : looks) {
            steps.add(new SubjectOfStep(
                    look.key.appId(),
                    look.key.stepId(),
                    known(look),
                    look.findings.stream()
                            .map(finding -> new Seen(
                                    finding.kind(),
                                    finding.resource(),
                                    finding.id(),
                                    finding.name(),
                                    finding.changes()))
                            .toList()));
        }
        var subject = new Subject(definition, survey.kind, survey.appId, survey.removal, steps);
        try {
            var text = CANONICAL.writeValueAsString(CANONICAL.convertValue(subject, Object.class));
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("A survey is always writable", e);
        }
    }

    private static ObjectNode known(LookRow look) {
        if (look.context == null) {
            return null;
        }
        var input = look.context.input().deepCopy();
        return look.context.unknown() == null ? input : input.remove(look.context.unknown());
    }
}
