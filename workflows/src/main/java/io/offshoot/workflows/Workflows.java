package io.offshoot.workflows;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The definitions this service runs: every version that a deployment may still be pinned to. */
public final class Workflows {

    private record Pin(String id, int version, String digest) {}

    /** What this installation offers: ours, and those of every {@link Offer}. */
    public static final Workflows OFFERED = offered();

    private final List<Workflow> all;

    /** Digests are made once: every transaction asks for one. */
    private final Map<Pin, Workflow> pinned;

    /** @param all each version of each workflow */
    public Workflows(List<Workflow> all) {
        this.all = List.copyOf(all);
        var names = all.stream().map(w -> w.id() + "/" + w.version()).distinct().count();
        if (names != all.size()) {
            throw new IllegalArgumentException("A version of a workflow is listed twice");
        }
        this.pinned = all.stream()
                .collect(Collectors.toUnmodifiableMap(
                        w -> new Pin(w.id(), w.version(), w.digest()), Function.identity()));
    }

    /** Each version of each workflow. */
    public List<Workflow> all() {
        return all;
    }

    private static Workflows offered() {
        var others = ServiceLoader.load(Offer.class, Offer.class.getClassLoader()).stream()
                .flatMap(offer -> offer.get().workflows().stream());
        return new Workflows(Stream.concat(Stream.of(DocsSite.WORKFLOW, Handover.WORKFLOW), others)
                .toList());
    }

    /** The newest version of a workflow, which new deployments are made with. */
    public Optional<Workflow> newest(String id) {
        return all.stream().filter(w -> w.id().equals(id)).max(Comparator.comparingInt(Workflow::version));
    }

    /** The newest version of every workflow. */
    public List<Workflow> newest() {
        return all.stream()
                .map(Workflow::id)
                .distinct()
                .map(id -> newest(id).orElseThrow())
                .toList();
    }

    /** The very definition a deployment was made with; empty if it is gone or was changed without a new version. */
    public Optional<Workflow> pinned(String id, int version, String digest) {
        return Optional.ofNullable(pinned.get(new Pin(id, version, digest)));
    }
}
