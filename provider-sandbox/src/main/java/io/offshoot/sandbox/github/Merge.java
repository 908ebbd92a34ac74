package io.offshoot.sandbox.github;

import io.offshoot.sandbox.git.FileTree;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** Brings two changes of the same files together, whole file by whole file. */
final class Merge {

    private Merge() {}

    /** Empty if both sides changed the same file to different ends: a stricter rule than Git's, which looks at lines. */
    static Optional<FileTree> of(FileTree base, FileTree ours, FileTree theirs) {
        var paths = new TreeSet<>(base.files().keySet());
        paths.addAll(theirs.files().keySet());
        FileTree merged = ours;
        for (String path : paths) {
            FileTree.File before = base.files().get(path);
            FileTree.File here = ours.files().get(path);
            FileTree.File there = theirs.files().get(path);
            if (Objects.equals(before, there) || Objects.equals(here, there)) {
                continue;
            }
            if (!Objects.equals(before, here)) {
                return Optional.empty();
            }
            merged = there == null ? merged.without(path) : merged.with(path, there);
        }
        return Optional.of(merged);
    }
}
