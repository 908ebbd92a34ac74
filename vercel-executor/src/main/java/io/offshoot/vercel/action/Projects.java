package io.offshoot.vercel.action;

import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.vercel.api.Vercel;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Whether a project is as it was left. */
final class Projects {

    private Projects() {}

    /**
     * @param more compares what this step in particular gave it
     * @param settings the digest of what is there, to be compared with the ledger's
     */
    static Finding observed(
            Vercel vercel,
            Effect resource,
            BiConsumer<Vercel.Project, Changes> more,
            Function<Vercel.Project, String> settings) {
        var unseen = Effects.unseen(vercel, resource);
        if (unseen.isPresent()) {
            return unseen.get();
        }
        var there = vercel.project(resource.id());
        if (there.isEmpty()) {
            return missing();
        }
        var project = there.get();
        var mark = ProjectMark.of(resource);
        var isMarked = ProjectMark.isAmong(vercel.variables(project.id()).orElse(List.of()), mark);
        var moved = new Changes().compare("/name", resource.name(), project.name());
        var changed = new Changes().compare("/mark", mark, isMarked ? mark : null);
        more.accept(project, changed);
        if (!changed.isEmpty()) {
            return found(Finding.Kind.CHANGED, project, "It is not as it was left.", changed);
        }
        if (!moved.isEmpty()) {
            return found(Finding.Kind.MOVED, project, "It has another name than it was given.", moved);
        }
        if (resource.settings() != null && !resource.settings().equals(settings.apply(project))) {
            return found(Finding.Kind.CHANGED, project, "It is not as the ledger has it.", changed);
        }
        return found(Finding.Kind.SAME, project, "It is as it was left.", changed);
    }

    private static Finding missing() {
        return Finding.of(Finding.Kind.MISSING, "It is not there any more, or belongs to another team.");
    }

    private static Finding found(Finding.Kind kind, Vercel.Project project, String message, Changes changes) {
        return Finding.of(kind, "project", project.id(), project.name(), message, changes.list());
    }
}
