package io.offshoot.sandbox.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.sandbox.exchange.Call;
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
     * @param method an HTTP method, or {@code WEBHOOK} for what a provider sends out
     * @param path a regular expression found anywhere in the raw path under the provider's prefix; of a webhook, in its
     *     event's name
     * @param nth with which matching call the fault begins, from 1
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Match(String provider, String method, String path, Integer nth) {

        boolean fits(String calledProvider, String calledMethod, String calledPath) {
            // What goes out is only meant where it is named: a fault for every call is one for calls.
            boolean sameMethod = method == null ? !calledMethod.equals(WEBHOOK) : method.equalsIgnoreCase(calledMethod);
            return sameMethod
                    && (provider == null || provider.equals(calledProvider))
                    && (path == null
                            || Pattern.compile(path).matcher(calledPath).find());
        }
    }

    /**
     * What happens to such a call. With a {@code status}, or with {@code html502}, the call has no effect; everything
     * whose name says "after" happens when its effect has taken place and been kept.
     *
     * @param status an answer in place of the provider's; beside {@code limit}, the status of that refusal
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
     * @param buildSlow a build begun by the call takes ten times as long
     * @param buildCanceled somebody cancels the build begun by the call
     * @param domainNeverVerified the domain added by the call is never verified, whatever the DNS says
     * @param nameTaken somebody else takes the name a moment before the call
     * @param unauthorized the token is refused
     * @param limit "primary" or "secondary": the provider's own refusal, kept up until its time is over
     * @param webhook "lost", "twice" or "late" (by {@code delayMs}), for a webhook
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
            Boolean buildStuck,
            Boolean buildSlow,
            Boolean buildCanceled,
            Boolean domainNeverVerified,
            Boolean nameTaken,
            Boolean unauthorized,
            String limit,
            String webhook) {

        public static final Then NOTHING = of("{}");

        public Then {
            require("limit", limit, "primary", "secondary");
            require("webhook", webhook, "lost", "twice", "late");
        }

        static Then of(String json) {
            try {
                return JSON.readValue(json, Then.class);
            } catch (JsonProcessingException malformed) {
                throw new IllegalArgumentException(malformed);
            }
        }

        boolean isNothing() {
            return equals(NOTHING);
        }

        /** Whether the provider never gets to see the call. */
        boolean isAnswer() {
            return status != null && limit == null;
        }

        Call.Fate fate() {
            if (limit != null) {
                return limit.equals("primary") ? Call.Fate.LIMIT_PRIMARY : Call.Fate.LIMIT_SECONDARY;
            }
            var ordered = new LinkedHashMap<Call.Fate, Boolean>();
            ordered.put(Call.Fate.UNAUTHORIZED, unauthorized);
            ordered.put(Call.Fate.NAME_TAKEN, nameTaken);
            ordered.put(Call.Fate.BUILD_STUCK, buildStuck);
            ordered.put(Call.Fate.BUILD_FAILS, buildError);
            ordered.put(Call.Fate.BUILD_CANCELED, buildCanceled);
            ordered.put(Call.Fate.BUILD_SLOW, buildSlow);
            ordered.put(Call.Fate.DOMAIN_NEVER_VERIFIED, domainNeverVerified);
            return ordered.entrySet().stream()
                    .filter(one -> Boolean.TRUE.equals(one.getValue()))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(Call.Fate.AS_EVER);
        }

        private static void require(String member, String value, String... known) {
            if (value != null && !List.of(known).contains(value)) {
                throw new IllegalArgumentException(member + " is one of " + List.of(known));
            }
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

    /** The method of a webhook, which is no call. */
    static final String WEBHOOK = "WEBHOOK";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Long, Ordered> ordered = new LinkedHashMap<>();
    private Optional<RandomFaults> random = Optional.empty();
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
        random = Optional.empty();
    }

    /** From now on, faults happen also by chance. */
    public synchronized void add(RandomFaults faults) {
        random = Optional.of(faults);
    }

    /** What is to happen to a message that a provider sends out. */
    public Then ofWebhook(String provider, String event) {
        return take(provider, WEBHOOK, "/" + event);
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
        Optional<Then> byChance = random.flatMap(faults -> faults.next(method.equals(WEBHOOK)));
        return due.or(() -> byChance).orElse(Then.NOTHING);
    }
}
