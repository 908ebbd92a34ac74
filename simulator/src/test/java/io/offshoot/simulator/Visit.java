package io.offshoot.simulator;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.ProviderException;
import java.time.Duration;
import java.util.function.Supplier;

/** One attempt's way to the provider: each call may fail in every manner a call over a network can. */
final class Visit implements AutoCloseable {

    private static final int TIMEOUT_MS = (int) Provider.CALL_TIMEOUT.toMillis();

    private final World world;
    private final Life life;
    private final Attempt<?> attempt;
    private boolean isCalm;

    Visit(World world, Life life, Attempt<?> attempt) {
        this.world = world;
        this.life = life;
        this.attempt = attempt;
    }

    @Override
    public void close() {
        if (isCalm) {
            life.spare(false);
        }
    }

    /** A call that changes nothing. */
    <T> T read(Supplier<T> question) {
        life.mayFail("before a read");
        refuse();
        var takes = strikes(Fault.PROVIDER_IS_SLOW)
                ? world.dice().millis(100, TIMEOUT_MS)
                : world.dice().millis(1, 100);
        var answer = arriving(takes, "reads", question);
        life.pass(takes + 1_000_000);
        life.mayFail("after a read");
        return answer.get();
    }

    /** A call that changes something, after a look at the lease. */
    <T> T write(String what, Supplier<T> effect) {
        if (world.flaw() != Flaw.NO_LEASE_CHECK) {
            attempt.beforeWrite();
        }
        if (life.mayFail("between the look at the lease and the write")) {
            becomeCalm();
        } else {
            checkIsHeld();
        }
        return send(what, () -> {
            checkIsInTime();
            return effect.get();
        });
    }

    /** A call that anybody may make, and repeat: it removes what is one too many. */
    void tidy(String what, Runnable effect) {
        send(what, () -> {
            effect.run();
            return what;
        });
    }

    private void checkIsHeld() {
        if (!world.database().isHeldBy(life.name(), attempt.appId(), attempt.stepId(), attempt.number())) {
            var how = "%s writes to %s/%s without holding it".formatted(life.name(), attempt.appId(), attempt.stepId());
            throw world.clock().broken(new Violation(Promise.ONE_LIVE_ATTEMPT, how));
        }
    }

    /** What is on its way when a lease lapses would arrive while the next attempt looks. */
    private void checkIsInTime() {
        if (!isCalm && world.database().hasLapsed(life.name(), attempt.appId(), attempt.stepId(), attempt.number())) {
            var how = "a write of %s to %s/%s outlives its lease"
                    .formatted(life.name(), attempt.appId(), attempt.stepId());
            throw world.clock().broken(new Violation(Promise.ONE_LIVE_ATTEMPT, how));
        }
    }

    /**
     * Whoever stood still before its write, perhaps past its lease, is spared any further fault until its attempt ends:
     * nobody but itself could clean up after it.
     */
    private void becomeCalm() {
        if (!isCalm) {
            isCalm = true;
            life.spare(true);
            world.lateWrite();
        }
    }

    private <T> T send(String what, Supplier<T> effect) {
        refuse();
        if (strikes(Fault.PROVIDER_DOES_NOT_ANSWER)) {
            world.trace("%s gets no answer to %s, which was not done", life.name(), what);
            throw noAnswer();
        }
        if (strikes(Fault.PROVIDER_IS_DONE_BUT_DOES_NOT_ANSWER)) {
            world.trace("%s gets no answer to %s, which will be done", life.name(), what);
            arriving(world.dice().millis(1, TIMEOUT_MS), what, effect);
            throw noAnswer();
        }
        var isSlow = strikes(Fault.PROVIDER_IS_SLOW);
        var arrives =
                isSlow ? world.dice().millis(100, TIMEOUT_MS) : world.dice().millis(1, 200);
        var answer = arriving(arrives, what, effect);
        life.mayFail("with a write on its way");
        life.pass(arrives + 1_000_000);
        life.mayFail("after a write");
        return answer.get();
    }

    private ProviderException noAnswer() {
        life.pass(Provider.CALL_TIMEOUT.toNanos());
        return new ProviderException(FailureClass.UNCERTAIN, "no-answer", "The provider did not answer.");
    }

    private void refuse() {
        if (strikes(Fault.PROVIDER_FAILS)) {
            life.pass(20_000_000);
            throw new ProviderException(FailureClass.RETRYABLE, "unavailable", "The provider is not available.");
        }
        if (strikes(Fault.PROVIDER_THROTTLES)) {
            life.pass(20_000_000);
            var pause = Duration.ofSeconds(1 + world.dice().upTo(20));
            throw new ProviderException(FailureClass.THROTTLED, "throttled", "Too many calls.", pause);
        }
    }

    private boolean strikes(Fault fault) {
        return !isCalm && world.dice().strikes(fault);
    }

    /** Happens at the provider whatever becomes of the caller meanwhile. */
    private <T> Answer<T> arriving(long nanos, String what, Supplier<T> work) {
        var answer = new Answer<T>();
        world.clock().after(nanos, () -> {
            if (!"reads".equals(what)) {
                world.trace("%s: %s arrives at the provider", life.name(), what);
            }
            try {
                answer.value = work.get();
            } catch (ProviderException e) {
                answer.refusal = e;
            }
        });
        return answer;
    }

    private static final class Answer<T> {
        private T value;
        private ProviderException refusal;

        private T get() {
            if (refusal != null) {
                throw refusal;
            }
            return value;
        }
    }
}
