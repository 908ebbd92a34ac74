package io.offshoot.simulator;

/** What must hold in every history: the invariants of the architecture that apply without secrets and hubs. */
enum Promise {
    ONE_EFFECT("1. a succeeded step has exactly one effect per effect key, any other at most one"),
    EVERYTHING_ENDS("2. every accepted request is decided, and every started step ends"),
    TERMINAL_STAYS("3. a terminal state changes only by a new request"),
    SEQ_IS_GAPLESS("4. seq has no gap and no repeat"),
    ONE_LIVE_ATTEMPT("5. a step has at most one live attempt, its fence only grows, and only its holder writes"),
    OLD_RESULTS_CHANGE_NOTHING("6. a result with another attempt or fence changes no state"),
    ONE_REQUEST_ONE_RUN("7. a request begins one run, however often it arrives"),
    NEEDS_FIRST("8. no step is dispatched before what it needs"),
    ALL_IS_TOLD("9. after quiet the outbox is empty and every event of the log is in the topic"),
    LANES_ARE_KEPT("10. no more attempts of a lane are under way than may be, and none begins in a pause"),
    ALL_IS_ACCOUNTED_FOR("13. consumed = applied + duplicate + dead-lettered, for every record of every topic"),
    NOTHING_IS_LEFT("a teardown leaves nothing that the app made, and takes nothing of another"),
    TWICE_IS_ONCE("14. deciding is total, and deciding twice equals once");

    private final String sentence;

    Promise(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }

    void holds(boolean condition, String how, Object... args) {
        if (!condition) {
            throw new Violation(this, how.formatted(args));
        }
    }
}
