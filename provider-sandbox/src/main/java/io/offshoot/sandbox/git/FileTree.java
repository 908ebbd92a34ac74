package io.offshoot.sandbox.git;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The files of a commit by their whole path. Immutable. */
public final class FileTree {

    /** A file's mode ("100644") and the name of its blob. */
    public record File(String mode, String sha) {}

    private final SortedMap<String, File> files;

    private FileTree(SortedMap<String, File> files) {
        this.files = files;
    }

    public static FileTree empty() {
        return new FileTree(new TreeMap<>());
    }

    /** Reads a tree and everything under it. */
    public static FileTree of(String treeSha, Function<String, GitObject> objects) {
        var files = new TreeMap<String, File>();
        collect("", treeSha, objects, files);
        return new FileTree(files);
    }

    public SortedMap<String, File> files() {
        return new TreeMap<>(files);
    }

    /** This tree with a file at the path, and whatever stood in its way gone. */
    public FileTree with(String path, File file) {
        var changed = without(path).files();
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            changed.remove(path.substring(0, slash));
        }
        changed.put(path, file);
        return new FileTree(changed);
    }

    /** This tree without the file or directory at the path. */
    public FileTree without(String path) {
        var changed = files();
        changed.keySet().removeIf(file -> file.equals(path) || file.startsWith(path + "/"));
        return new FileTree(changed);
    }

    /** Makes the tree objects, hands over each, and returns the name of the topmost. */
    public String store(Consumer<GitObject> objects) {
        return store(files, objects);
    }

    private static String store(Map<String, File> files, Consumer<GitObject> objects) {
        List<GitObject.Entry> entries = new ArrayList<>();
        Map<String, Map<String, File>> directories = new LinkedHashMap<>();
        files.forEach((path, file) -> {
            int slash = path.indexOf('/');
            if (slash < 0) {
                entries.add(new GitObject.Entry(file.mode(), path, file.sha()));
            } else {
                directories
                        .computeIfAbsent(path.substring(0, slash), name -> new LinkedHashMap<>())
                        .put(path.substring(slash + 1), file);
            }
        });
        directories.forEach((name, below) -> entries.add(new GitObject.Entry("40000", name, store(below, objects))));
        GitObject tree = GitObject.tree(entries);
        objects.accept(tree);
        return tree.sha();
    }

    private static void collect(
            String prefix, String treeSha, Function<String, GitObject> objects, Map<String, File> files) {
        for (GitObject.Entry entry : objects.apply(treeSha).entries()) {
            if (entry.isTree()) {
                collect(prefix + entry.name() + "/", entry.sha(), objects, files);
            } else {
                files.put(prefix + entry.name(), new File(entry.mode(), entry.sha()));
            }
        }
    }
}
