package io.offshoot.github.action;

import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.Undone;

/** What there is to say of a resource to a step that only reads: the ledger has none of it. */
final class Nothing {

    private Nothing() {}

    static Finding toObserve() {
        return Finding.unread("made-nothing", "This step only reads: there is nothing of it to be looked at.");
    }

    static Undone toUndo() {
        return Undone.left("This step only reads: it made nothing.");
    }
}
