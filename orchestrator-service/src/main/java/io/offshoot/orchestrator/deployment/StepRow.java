package io.offshoot.orchestrator.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.StepState;
import io.offshoot.orchestrator.decision.Past;
import io.offshoot.orchestrator.decision.Phase;
import io.offshoot.orchestrator.decision.StepProgress;
import io.offshoot.orchestrator.decision.Term;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** Where one step stands, stored. */
@Entity
@Table(name = "step")
@DynamicUpdate
public class StepRow extends PanacheEntityBase {

    @EmbeddedId
    public StepKey key;

    @Enumerated(EnumType.STRING)
    public StepState state;

    public int generation;

    /** How it is taken back; null if it is to be done. */
    @Enumerated(EnumType.STRING)
    public Removal undoing;

    public int attempt;

    /** Of the last attempt that ended; a live attempt's row has its own. */
    public long fence;

    public int failures;

    public boolean probe;

    public boolean begun;

    /** The first earlier generation that may have had an effect unseen; null if none. */
    @Column(name = "previous_generation")
    public Integer previousGeneration;

    /** When it must be over. */
    public Instant deadline;

    @Column(name = "run_deadline")
    public Instant runDeadline;

    @Column(name = "person_deadline")
    public Instant personDeadline;

    @Column(name = "due_at")
    public Instant dueAt;

    /** When a hint last came for it; null if none has. */
    @Column(name = "hinted_at")
    public Instant hintedAt;

    @JdbcTypeCode(SqlTypes.JSON)
    public ObjectNode args;

    @JdbcTypeCode(SqlTypes.JSON)
    public JsonNode checkpoint;

    @JdbcTypeCode(SqlTypes.JSON)
    public ObjectNode outputs;

    @JdbcTypeCode(SqlTypes.JSON)
    public Failure error;

    @JdbcTypeCode(SqlTypes.JSON)
    public Instructions instructions;

    @Column(name = "request_id")
    public UUID requestId;

    /** The event that last changed it; 0 before the first. */
    public long seq;

    /** When that was. */
    public Instant since;

    public static List<StepRow> of(Collection<UUID> deploymentIds) {
        return list("key.deploymentId in ?1", deploymentIds);
    }

    public static StepRow idle(StepKey key) {
        var row = new StepRow();
        row.key = key;
        row.state = StepState.IDLE;
        return row;
    }

    /** What decisions are made on. @param live its live attempt; null if none is */
    StepProgress progress(AttemptRow live) {
        StepProgress.Attempt latest = null;
        if (live != null) {
            latest = new StepProgress.Attempt(live.key.number(), live.mode, live.phase, live.fence);
        } else if (attempt > 0) {
            latest = new StepProgress.Attempt(attempt, AttemptMode.EXECUTE, Phase.ENDED, fence);
        }
        return new StepProgress(
                key.appId(),
                key.stepId(),
                state,
                generation,
                undoing,
                latest,
                new Past(previousGeneration, failures, probe, begun),
                runDeadline == null ? null : new Term(runDeadline, personDeadline, deadline),
                dueAt,
                args,
                checkpoint,
                outputs,
                error,
                instructions,
                requestId);
    }

    void take(StepProgress next) {
        state = next.shown();
        generation = next.generation();
        undoing = next.undoing();
        attempt = next.number();
        fence = next.attempt() == null ? 0 : next.attempt().fence();
        var past = next.past();
        failures = past.failures();
        probe = past.probe();
        begun = past.begun();
        previousGeneration = past.previousGeneration();
        var term = next.term();
        deadline = term == null ? null : term.end();
        runDeadline = term == null ? null : term.run();
        personDeadline = term == null ? null : term.person();
        dueAt = next.dueAt();
        args = next.args();
        checkpoint = next.checkpoint();
        outputs = next.outputs();
        error = next.error();
        instructions = next.instructions();
        requestId = next.requestId();
    }
}
