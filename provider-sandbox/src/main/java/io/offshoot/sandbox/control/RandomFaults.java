package io.offshoot.sandbox.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Faults by chance, for runs that last. The same seed gives the same faults to the same order of calls.
 *
 * <p>Not safe for use by several threads at once: {@link Faults} sees to that.
 */
public final class RandomFaults {

    /**
     * @param share of the calls that meet a fault, from 0 to 1
     * @param kinds by name, see {@link #known}; left out, those that a patient caller survives
     */
    public record Plan(long seed, double share, List<String> kinds) {

        public Plan {
            kinds = kinds == null || kinds.isEmpty() ? List.copyOf(SURVIVED) : List.copyOf(kinds);
            if (share < 0 || share > 1 || !KINDS.keySet().containsAll(kinds)) {
                throw new IllegalArgumentException("share is from 0 to 1, kinds are of " + KINDS.keySet());
            }
        }
    }

    private static final Map<String, Faults.Then> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("serverError", Faults.Then.of("{\"status\":500}"));
        KINDS.put("html502", Faults.Then.of("{\"html502\":true}"));
        KINDS.put("unavailable", Faults.Then.of("{\"status\":503,\"headers\":{\"Retry-After\":\"1\"}}"));
        KINDS.put("limitPrimary", Faults.Then.of("{\"limit\":\"primary\"}"));
        KINDS.put("limitSecondary", Faults.Then.of("{\"limit\":\"secondary\"}"));
        KINDS.put("unauthorized", Faults.Then.of("{\"unauthorized\":true}"));
        KINDS.put("delayBefore", Faults.Then.of("{\"delayMs\":2000}"));
        KINDS.put("delayAfter", Faults.Then.of("{\"delayAfterMs\":2000}"));
        KINDS.put("resetBefore", Faults.Then.of("{\"resetBefore\":true}"));
        KINDS.put("resetAfter", Faults.Then.of("{\"resetAfter\":true}"));
        KINDS.put("cutBody", Faults.Then.of("{\"cutBody\":true}"));
        KINDS.put("webhookLost", Faults.Then.of("{\"webhook\":\"lost\"}"));
        KINDS.put("webhookTwice", Faults.Then.of("{\"webhook\":\"twice\"}"));
        KINDS.put("webhookLate", Faults.Then.of("{\"webhook\":\"late\",\"delayMs\":2000}"));
    }

    /** A token that is refused is a matter for a person, and a used-up hour for the clock. */
    private static final List<String> SURVIVED = KINDS.keySet().stream()
            .filter(kind -> !Set.of("unauthorized", "limitPrimary").contains(kind))
            .toList();

    private final Plan plan;
    private final Random random;

    public RandomFaults(Plan plan) {
        this.plan = plan;
        this.random = new Random(plan.seed());
    }

    public static Set<String> known() {
        return KINDS.keySet();
    }

    Optional<Faults.Then> next(boolean webhook) {
        double chance = random.nextDouble();
        double choice = random.nextDouble();
        List<Faults.Then> fitting = plan.kinds().stream()
                .map(KINDS::get)
                .filter(then -> (then.webhook() != null) == webhook)
                .toList();
        return chance >= plan.share() || fitting.isEmpty()
                ? Optional.empty()
                : Optional.of(fitting.get((int) (choice * fitting.size())));
    }
}
