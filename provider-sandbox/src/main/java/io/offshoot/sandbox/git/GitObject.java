package io.offshoot.sandbox.git;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** A blob, tree or commit, with the bytes and the name that Git itself would give it. */
public record GitObject(Type type, byte[] content) {

    public enum Type {
        BLOB,
        TREE,
        COMMIT;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One line of a tree; the mode as Git writes it, so a directory is "40000". */
    public record Entry(String mode, String name, String sha) {

        public boolean isTree() {
            return mode.equals("40000");
        }
    }

    /** Who made a commit, and when; Git keeps whole seconds and the offset. */
    public record Person(String name, String email, OffsetDateTime when) {

        private String line() {
            int minutes = when.getOffset().getTotalSeconds() / 60;
            return "%s <%s> %d %s%02d%02d"
                    .formatted(
                            name,
                            email,
                            when.toEpochSecond(),
                            minutes < 0 ? "-" : "+",
                            Math.abs(minutes) / 60,
                            Math.abs(minutes) % 60);
        }

        private static Person of(String line) {
            int mail = line.lastIndexOf(" <");
            int end = line.lastIndexOf("> ");
            String[] time = line.substring(end + 2).split(" ");
            var zone = ZoneOffset.of(time[1].substring(0, 3) + ":" + time[1].substring(3));
            var when = OffsetDateTime.ofInstant(java.time.Instant.ofEpochSecond(Long.parseLong(time[0])), zone);
            return new Person(line.substring(0, mail), line.substring(mail + 2, end), when);
        }
    }

    /** What a commit says. */
    public record Commit(String tree, List<String> parents, Person author, Person committer, String message) {

        public Commit {
            parents = List.copyOf(parents);
        }
    }

    public static GitObject blob(byte[] content) {
        return new GitObject(Type.BLOB, content);
    }

    public static GitObject tree(List<Entry> entries) {
        var bytes = new ByteArrayOutputStream();
        // Git sorts a directory as if its name ended in a slash.
        entries.stream()
                .sorted(Comparator.comparing(entry -> entry.isTree() ? entry.name() + "/" : entry.name(), BY_BYTES))
                .forEach(entry -> {
                    bytes.writeBytes((entry.mode() + " " + entry.name() + "\0").getBytes(StandardCharsets.UTF_8));
                    bytes.writeBytes(HexFormat.of().parseHex(entry.sha()));
                });
        return new GitObject(Type.TREE, bytes.toByteArray());
    }

    public static GitObject commit(Commit commit) {
        var text = new StringBuilder("tree ").append(commit.tree()).append('\n');
        commit.parents().forEach(parent -> text.append("parent ").append(parent).append('\n'));
        text.append("author ").append(commit.author().line()).append('\n');
        text.append("committer ").append(commit.committer().line()).append("\n\n");
        text.append(commit.message());
        return new GitObject(Type.COMMIT, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    public String sha() {
        return sha1((type.word() + " " + content.length + "\0").getBytes(StandardCharsets.UTF_8), content);
    }

    /** The SHA-1 of some parts in hexadecimal digits. */
    public static String sha1(byte[]... parts) {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            for (byte[] part : parts) {
                sha1.update(part);
            }
            return HexFormat.of().formatHex(sha1.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The lines of this tree. */
    public List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        for (int at = 0; at < content.length; ) {
            int space = indexOf(' ', at);
            int end = indexOf('\0', space);
            entries.add(new Entry(
                    new String(content, at, space - at, StandardCharsets.UTF_8),
                    new String(content, space + 1, end - space - 1, StandardCharsets.UTF_8),
                    HexFormat.of().formatHex(content, end + 1, end + 21)));
            at = end + 21;
        }
        return entries;
    }

    /** What this commit says. */
    public Commit asCommit() {
        String text = new String(content, StandardCharsets.UTF_8);
        int end = text.indexOf("\n\n");
        String tree = null;
        Person author = null;
        Person committer = null;
        var parents = new ArrayList<String>();
        for (String line : text.substring(0, end).split("\n")) {
            String value = line.substring(line.indexOf(' ') + 1);
            switch (line.substring(0, line.indexOf(' '))) {
                case "tree" -> tree = value;
                case "parent" -> parents.add(value);
                case "author" -> author = Person.of(value);
                case "committer" -> committer = Person.of(value);
                default -> throw new IllegalStateException("not a line of a commit: " + line);
            }
        }
        return new Commit(tree, parents, author, committer, text.substring(end + 2));
    }

    private static final Comparator<String> BY_BYTES = (one, other) -> java.util.Arrays.compareUnsigned(
            one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

    private int indexOf(char wanted, int from) {
        int at = from;
        while (content[at] != wanted) {
            at++;
        }
        return at;
    }
}
