package io.offshoot.sandbox.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What goes wrong on purpose. Not remembered over a restart: a fault belongs to the test that ordered it. Safe for use
 * by several threads.
 */
public final class Faults {

    /**
     * Which calls a fault is for; a part left out matches everything.
     *
     * @param path a regular expression found anywhere in the raw path under the provider's prefix
     * @param nth with which matching call the fault begins, from 1
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Match(String provider, String method, String path, Integer nth) {

        boolean fits(String calledProvider, String calledMethod, String calledPath) {
            return (provider == null || provider.equals(calledProvider))
                    && (method == null || method.equalsIgnoreCase(calledMethod))
                    && (path == null
                            || Pattern.compile(path).matcher(calledPath).find());
        }
    }

    /**
     * What happens to such a call. With a {@code status}, or with {@code html502}, the call has no effect; everything
     * whose name says "after" happens when its effect has taken place and been kept.
     *
     * @param status an answer in place of the provider's
     * @param body that answer's JSON
     * @param headers headers added to whatever answer is given
     * @param delayMs a wait before the call is looked at
     * @param resetBefore closes the connection before the call is looked at
     * @param resetAfter closes the connection in place of the answer
     * @param delayAfterMs a wait before the answer
     * @param cutBody sends half of the answer's body and closes the connection
     * @param html502 a page of a proxy in place of JSON
     * @param buildError a build begun by the call fails
     * @param buildStuck a build begun by the call never ends
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Then(
            Integer status,
            JsonNode body,
            Map<String, String> headers,
            Long delayMs,
            Boolean resetBefore,
            Boolean resetAfter,
            Long delayAfterMs,
            Boolean cutBody,
            Boolean html502,
            Boolean buildError,
            Boolean buildStuck) {

        static final Then NOTHING = new Then(null, null, null, null, null, null, null, null, null, null, null);

        long before() {
            return delayMs == null ? 0 : delayMs;
        }

        long after() {
            return delayAfterMs == null ? 0 : delayAfterMs;
        }

        boolean isNothing() {
            return equals(NOTHING);
        }
    }

    /** An ordered fault; {@code times} is how often it is still to happen, once if left out. */
    public record Fault(Match match, Then then, Integer times) {

        public Fault {
            match = match == null ? new Match(null, null, null, null) : match;
            then = then == null ? Then.NOTHING : then;
            times = times == null ? 1 : times;
        }
    }

    /** An ordered fault with its number and how many calls have matched it. */
    public record Ordered(long id, Fault fault, int seen) {}

    private final Map<Long, Ordered> ordered = new LinkedHashMap<>();
    private long last;

    public synchronized Ordered add(Fault fault) {
        if (fault.match().path() != null) {
            Pattern.compile(fault.match().path());
        }
        last++;
        Ordered added = new Ordered(last, fault, 0);
        ordered.put(last, added);
        return added;
    }

    public synchronized List<Ordered> all() {
        return new ArrayList<>(ordered.values());
    }

    public synchronized void clear() {
        ordered.clear();
    }

    /** What is to happen to this call; every fault that fits counts it, the first that is due happens. */
    synchronized Then take(String provider, String method, String path) {
        Optional<Then> due = Optional.empty();
        for (Ordered one : List.copyOf(ordered.values())) {
            Fault fault = one.fault();
            if (!fault.match().fits(provider, method, path)) {
                continue;
            }
            int seen = one.seen() + 1;
            int nth = fault.match().nth() == null ? 1 : fault.match().nth();
            if (seen < nth || due.isPresent()) {
                ordered.put(one.id(), new Ordered(one.id(), fault, seen));
            } else {
                due = Optional.of(fault.then());
                if (fault.times() <= 1) {
                    ordered.remove(one.id());
                } else {
                    Fault rest = new Fault(fault.match(), fault.then(), fault.times() - 1);
                    ordered.put(one.id(), new Ordered(one.id(), rest, seen));
                }
            }
        }
        return due.orElse(Then.NOTHING);
    }
}
