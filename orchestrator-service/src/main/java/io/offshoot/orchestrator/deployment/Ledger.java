package io.offshoot.orchestrator.deployment;

import static java.util.stream.Collectors.groupingBy;

import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Effect.Verb;
import io.offshoot.contracts.query.ResourceView;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads from what attempts reported what a deployment has. Pure. */
public final class Ledger {

    private record Thing(String appId, String stepId, String provider, String kind, String id) {

        static Thing of(EffectRow row) {
            return new Thing(row.key.appId(), row.key.stepId(), row.provider, row.key.kind(), row.key.providerId());
        }
    }

    private static final Set<Verb> ENDS = EnumSet.of(Verb.REMOVED, Verb.RETIRED, Verb.LEFT);

    private Ledger() {}

    /** @param rows in the order in which they were reported @return the first seen first */
    public static List<ResourceView> resources(List<EffectRow> rows) {
        return rows.stream().collect(groupingBy(Thing::of, LinkedHashMap::new, Collectors.toList())).entrySet().stream()
                .map(entry -> resource(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** What one step owns, the first seen first, as those who look at it or take it back are told. */
    public static List<Effect> owned(List<EffectRow> rows, String appId, String stepId) {
        return resources(rows).stream()
                .filter(resource -> resource.owned()
                        && resource.appId().equals(appId)
                        && resource.actionId().equals(stepId))
                .map(resource -> new Effect(
                        resource.history().get(resource.history().size() - 1).key(),
                        resource.kind(),
                        resource.id(),
                        resource.name(),
                        resource.account(),
                        resource.verb(),
                        resource.mark(),
                        resource.settings()))
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
                                row.note,
                                row.seenAt))
                        .toList());
    }

    /**
     * An end takes back what its own attempt and those before it did, in whatever order their reports came: an attempt
     * that lost its lease may report late.
     */
    private static Verb standing(List<EffectRow> reports) {
        var end = reports.stream()
                .filter(row -> ENDS.contains(row.key.verb()))
                .max(Comparator.comparingInt(row -> row.key.attempt()));
        var ended = end.map(row -> row.key.attempt()).orElse(0);
        var since = reports.stream()
                .filter(row -> row.key.attempt() > ended)
                .map(row -> row.key.verb())
                .toList();
        if (since.contains(Verb.CREATED)) {
            return Verb.CREATED;
        }
        if (since.contains(Verb.ADOPTED)) {
            return Verb.ADOPTED;
        }
        return since.isEmpty() ? end.map(row -> row.key.verb()).orElseThrow() : Verb.OBSERVED;
    }

    private static String latest(List<EffectRow> reports, Function<EffectRow, String> part) {
        return reports.stream().map(part).filter(Objects::nonNull).reduce(null, (before, after) -> after);
    }
}
