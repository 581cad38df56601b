package io.trainyard.store.state;

import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A copy of a run with some things changed, one version later. The writer thread uses it. */
public final class RunEdit {
  private final RunRecord from;
  private String name;
  private String notes;
  private RunState state;
  private @Nullable String reason;
  private Map<String, String> tags;
  private @Nullable Long startedAt;
  private @Nullable Long endedAt;
  private boolean stopRequested;
  private boolean draining;
  private @Nullable Long unreachableSince;
  private long lostPoints;
  private boolean deleted;
  private @Nullable String resumeFrom;
  private @Nullable Long resumedAt;
  private List<Attempt> attempts;
  private Map<String, String> provenance;

  private RunEdit(RunRecord from) {
    this.from = from;
    name = from.name();
    notes = from.notes();
    state = from.state();
    reason = from.reason();
    tags = from.tags();
    startedAt = from.startedAt();
    endedAt = from.endedAt();
    stopRequested = from.stopRequested();
    draining = from.draining();
    unreachableSince = from.unreachableSince();
    lostPoints = from.lostPoints();
    deleted = from.deleted();
    resumeFrom = from.resumeFrom();
    resumedAt = from.resumedAt();
    attempts = from.attempts();
    provenance = from.provenance();
  }

  public static RunEdit of(RunRecord from) {
    return new RunEdit(from);
  }

  public RunEdit name(String value) {
    name = value;
    return this;
  }

  public RunEdit notes(String value) {
    notes = value;
    return this;
  }

  public RunEdit state(RunState value, @Nullable String why) {
    state = value;
    reason = why;
    return this;
  }

  public RunEdit tags(Map<String, String> value) {
    tags = value;
    return this;
  }

  public RunEdit startedAt(@Nullable Long value) {
    startedAt = value;
    return this;
  }

  public RunEdit endedAt(@Nullable Long value) {
    endedAt = value;
    return this;
  }

  public RunEdit stopRequested(boolean value) {
    stopRequested = value;
    return this;
  }

  public RunEdit draining(boolean value) {
    draining = value;
    return this;
  }

  public RunEdit unreachableSince(@Nullable Long value) {
    unreachableSince = value;
    return this;
  }

  public RunEdit lostPoints(long value) {
    lostPoints = value;
    return this;
  }

  public RunEdit deleted(boolean value) {
    deleted = value;
    return this;
  }

  public RunEdit resume(String from, long at) {
    resumeFrom = from;
    resumedAt = at;
    return this;
  }

  public RunEdit addAttempt(Attempt attempt) {
    attempts = new ArrayList<>(attempts);
    attempts.add(attempt);
    return this;
  }

  public RunEdit lastAttempt(Attempt attempt) {
    attempts = new ArrayList<>(attempts);
    attempts.set(attempts.size() - 1, attempt);
    return this;
  }

  public RunEdit provenance(Map<String, String> value) {
    provenance = value;
    return this;
  }

  public RunRecord build() {
    return build(from.version() + 1);
  }

  public RunRecord build(long version) {
    return new RunRecord(
        from.id(),
        from.experimentId(),
        name,
        state,
        reason,
        from.task(),
        from.params(),
        from.seed(),
        tags,
        notes,
        from.createdAt(),
        startedAt,
        endedAt,
        stopRequested,
        draining,
        unreachableSince,
        lostPoints,
        from.rerunOf(),
        deleted,
        from.dataFolder(),
        from.options(),
        resumeFrom,
        resumedAt,
        attempts,
        provenance,
        version);
  }
}
