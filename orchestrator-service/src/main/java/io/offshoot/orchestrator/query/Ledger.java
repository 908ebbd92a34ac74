package io.offshoot.orchestrator.query;

import static java.util.stream.Collectors.groupingBy;

import io.offshoot.contracts.message.Effect.Verb;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.orchestrator.deployment.EffectRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads from what attempts reported what a deployment has. Pure. */
final class Ledger {

    private record Thing(String appId, String stepId, String provider, String kind, String id) {

        static Thing of(EffectRow row) {
            return new Thing(row.key.appId(), row.key.stepId(), row.provider, row.key.kind(), row.key.providerId());
        }
    }

    private Ledger() {}

    /** @param rows in the order in which they were reported @return the first seen first */
    static List<ResourceView> resources(List<EffectRow> rows) {
        return rows.stream().collect(groupingBy(Thing::of, LinkedHashMap::new, Collectors.toList())).entrySet().stream()
                .map(entry -> resource(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static ResourceView resource(Thing thing, List<EffectRow> reports) {
        var verb = standing(reports);
        var last = reports.get(reports.size() - 1);
        return new ResourceView(
                thing.appId(),
                thing.stepId(),
                thing.provider(),
                thing.kind(),
                thing.id(),
                last.name,
                last.account,
                verb,
                verb == Verb.CREATED || verb == Verb.ADOPTED,
                latest(reports, row -> row.mark),
                latest(reports, row -> row.settings),
                reports.get(0).seenAt,
                last.seenAt,
                reports.stream()
                        .map(row -> new ResourceView.Report(
                                row.key.attempt(),
                                row.key.verb(),
                                row.key.effectKey(),
                                row.account,
                                row.mark,
                                row.settings,
                                row.seenAt))
                        .toList());
    }

    /**
     * A removal takes back what its own attempt and those before it did, in whatever order their reports came: an
     * attempt that lost its lease may report late.
     */
    private static Verb standing(List<EffectRow> reports) {
        var removed = reports.stream()
                .filter(row -> row.key.verb() == Verb.REMOVED)
                .mapToInt(row -> row.key.attempt())
                .max()
                .orElse(0);
        var since = reports.stream()
                .filter(row -> row.key.attempt() > removed)
                .map(row -> row.key.verb())
                .toList();
        if (since.contains(Verb.CREATED)) {
            return Verb.CREATED;
        }
        if (since.contains(Verb.ADOPTED)) {
            return Verb.ADOPTED;
        }
        return since.isEmpty() ? Verb.REMOVED : Verb.OBSERVED;
    }

    private static String latest(List<EffectRow> reports, Function<EffectRow, String> part) {
        return reports.stream().map(part).filter(Objects::nonNull).reduce(null, (before, after) -> after);
    }
}
