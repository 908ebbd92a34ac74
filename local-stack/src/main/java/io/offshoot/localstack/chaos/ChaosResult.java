package io.offshoot.localstack.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run has shown.
 *
 * @param kills processes killed or told to stop
 * @param steps steps that succeeded
 * @param duplicateEffects effects that are at the provider more than once
 * @param reconciled effects that were there twice and of which one was taken back
 * @param lostEffects accepted runs that did not end, and succeeded steps without their effect
 * @param takeover from the kill of an executor to the next claim of what it had
 * @param recovery by process, from its start to its being ready
 * @param counts of what else happened, for people
 * @param violations of what must always hold; empty for a good run
 */
public record ChaosResult(
        int kills,
        long steps,
        int duplicateEffects,
        int reconciled,
        int lostEffects,
        Times takeover,
        Map<String, Times> recovery,
        Map<String, Object> counts,
        List<String> violations) {

    /** In milliseconds; null where nothing was measured. */
    public record Times(int count, Long p50, Long p99) {

        static Times of(Samples samples) {
            return new Times(samples.count(), samples.percentile(50), samples.percentile(99));
        }
    }

    public ChaosResult {
        recovery = new TreeMap<>(recovery);
        violations = List.copyOf(violations);
    }

    /** For programs: one line. */
    public String json() {
        var json = new ObjectMapper().createObjectNode();
        json.put("kills", kills);
        json.put("steps", steps);
        json.put("duplicate_effects", duplicateEffects);
        json.put("reconciled", reconciled);
        json.put("lost_effects", lostEffects);
        put(json.putObject("takeover_ms"), takeover);
        var components = json.putObject("recovery_ms");
        recovery.forEach((name, times) -> put(components.putObject(name), times));
        violations.forEach(json.putArray("violations")::add);
        return json.toString();
    }

    private static void put(ObjectNode json, Times times) {
        json.put("p50", times.p50());
        json.put("p99", times.p99());
    }

    /** For people. */
    public List<String> table() {
        var lines = new ArrayList<String>();
        lines.add(row("kills", kills));
        counts.forEach((what, count) -> lines.add(row("  " + what, count)));
        lines.add(row("steps", steps));
        lines.add(row("duplicate effects", duplicateEffects));
        lines.add(row("  reconciled", reconciled));
        lines.add(row("lost effects", lostEffects));
        lines.add(row("takeover", shown(takeover)));
        recovery.forEach((name, times) -> lines.add(row("recovery of " + name, shown(times))));
        lines.add(row("violations", violations.size()));
        violations.forEach(violation -> lines.add("  " + violation));
        return lines;
    }

    private static String row(String what, Object value) {
        return "%-36s %s".formatted(what, value);
    }

    private static String shown(Times times) {
        return times.count() == 0
                ? "not measured"
                : "p50 %d ms, p99 %d ms (%d measured)".formatted(times.p50(), times.p99(), times.count());
    }
}
