package io.offshoot.orchestrator.lane;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.claim.LaneUse;
import io.offshoot.contracts.message.Budget;
import io.offshoot.orchestrator.decision.Lane;
import io.offshoot.orchestrator.decision.Writes;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** How one credential stands, stored. Its row is the lock under which attempts take their turns. */
@Entity
@Table(name = "lane")
@DynamicUpdate
public class LaneRow extends PanacheEntityBase {

    /** What the provider said last of one of its limits. */
    public record Allowance(String resource, Long limit, long remaining, Instant resetsAt) {}

    /** The provider and the credential's id with its executors. */
    @Id
    public String id;

    @Column(name = "live_at_most", updatable = false)
    public int liveAtMost;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(updatable = false)
    public List<Announcement.Window> windows;

    @Column(name = "shortest_block_ms", updatable = false)
    public long shortestBlockMs;

    @Column(name = "longest_block_ms", updatable = false)
    public long longestBlockMs;

    @Column(name = "blocked_until")
    public Instant blockedUntil;

    public boolean trial;

    public int throttles;

    /** By hub, the turn in which it was last served. */
    @JdbcTypeCode(SqlTypes.JSON)
    public Map<String, Long> served;

    @JdbcTypeCode(SqlTypes.JSON)
    public List<Writes> writes;

    /** When the last write had ended for certain. */
    @Column(name = "wrote_at")
    public Instant wroteAt;

    @JdbcTypeCode(SqlTypes.JSON)
    public List<Allowance> allowances;

    /** Locked in the order of their ids, until the transaction ends. */
    static List<LaneRow> lock(Collection<String> ids) {
        return find("id in ?1 order by id", ids)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
    }

    Lane lane() {
        return new Lane(
                liveAtMost,
                Duration.ofMillis(shortestBlockMs),
                Duration.ofMillis(longestBlockMs),
                blockedUntil,
                trial,
                throttles,
                served);
    }

    void take(Lane next) {
        blockedUntil = next.blockedUntil();
        trial = next.trial();
        throttles = next.throttles();
        served = next.served();
    }

    /** Enters what an attempt has used. */
    void take(Budget used, Instant now) {
        if (used.writes() > 0) {
            writes = Writes.add(writes, lengths(), used.writes(), now);
        }
        if (used.sinceWriteMs() != null) {
            var at = now.minusMillis(Math.max(0, used.sinceWriteMs()));
            wroteAt = wroteAt == null || at.isAfter(wroteAt) ? at : wroteAt;
        }
        if (!used.allowances().isEmpty()) {
            var latest = new ArrayList<>(allowances);
            for (Budget.Allowance said : used.allowances()) {
                latest.removeIf(allowance -> allowance.resource().equals(said.resource()));
                latest.add(new Allowance(
                        said.resource(),
                        said.limit(),
                        said.remaining(),
                        said.resetMs() == null ? null : now.plusMillis(Math.max(0, said.resetMs()))));
            }
            allowances = List.copyOf(latest);
        }
    }

    /** What the next attempt is told. */
    public LaneUse use(Instant now) {
        return new LaneUse(
                wroteAt == null
                        ? null
                        : Math.max(0, Duration.between(wroteAt, now).toMillis()),
                Writes.add(writes, lengths(), 0, now).stream()
                        .map(some -> new LaneUse.Writes(
                                some.lengthMs(), some.ago(now).toMillis(), some.count()))
                        .toList());
    }

    /** How many writes count in a window. */
    public int used(Announcement.Window window, Instant now) {
        return writes.stream()
                .filter(some -> some.lengthMs() == window.lengthMs() && some.counts(now))
                .mapToInt(Writes::count)
                .sum();
    }

    private List<Long> lengths() {
        return windows.stream()
                .map(Announcement.Window::lengthMs)
                .filter(length -> length > 0)
                .distinct()
                .toList();
    }
}
