package io.offshoot.executorkit.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandlersTest {

    record Nothing() {}

    private record Idle(Action<Nothing, Nothing> action) implements ActionHandler<Nothing, Nothing> {

        static Idle of(String provider, String id) {
            return new Idle(new Action<>(provider, id, 1, EffectClass.UPSERT, Nothing.class, Nothing.class));
        }

        @Override
        public Outcome<Nothing> run(Attempt<Nothing> attempt) {
            return new Outcome.Done<>(new Nothing(), List.of());
        }

        @Override
        public Finding plan(Attempt<Nothing> attempt) {
            return Finding.of(Finding.Kind.LEAVE, "Nothing to do.");
        }

        @Override
        public Finding observe(Attempt<Nothing> attempt, Effect resource) {
            return Finding.of(Finding.Kind.SAME, "As it was.");
        }

        @Override
        public Undone undo(Attempt<Nothing> attempt, Effect resource, Removal how) {
            return Undone.removed();
        }
    }

    @Test
    void aHandlerIsFoundByItsActionsFullName() {
        var handler = Idle.of("acme", "idle");

        var handlers = new Handlers("acme", List.of(handler));

        assertThat(handlers.of("acme/idle/1")).contains(handler);
        assertThat(handlers.of("acme/idle/2")).isEmpty();
    }

    @Test
    void twoHandlersForOneActionAreRefused() {
        var both = List.of(Idle.of("acme", "idle"), Idle.of("acme", "idle"));

        assertThatThrownBy(() -> new Handlers("acme", both)).hasMessage("Two handlers are for acme/idle/1");
    }

    @Test
    void aHandlerOfAnotherProviderIsRefused() {
        var foreign = List.of(Idle.of("other", "idle"));

        assertThatThrownBy(() -> new Handlers("acme", foreign))
                .hasMessage("The executor of acme has a handler for other/idle/1");
    }
}
