package io.trainyard.core.store;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can change in a store. A change is checked against the state that it meets, on the store's one writer
 * thread, then made durable, then applied; so what it says of its preconditions holds without locks.
 */
public sealed interface Change {
  /** Fails with {@link StoreException.Conflict} when the name is taken. The store chooses the id. */
  record CreateExperiment(String name, Map<String, String> tags, long at) implements Change {}

  record RenameExperiment(String experiment, String name) implements Change {}

  /** Hides (or shows again) an experiment and, to lists, its runs. "0" cannot be deleted. */
  record DeleteExperiment(String experiment, boolean deleted) implements Change {}

  /** A new run, QUEUED; or RUNNING with its first attempt when a client feeds it. */
  record CreateRun(RunRecord run) implements Change {}

  /**
   * QUEUED to RUNNING with attempt n+1 and a new fence; the answer's run has them. Conflict when it is not QUEUED or a
   * stop was asked for.
   */
  record StartAttempt(String run, String agent, long at, @Nullable Long fromStep) implements Change {}

  /**
   * An ended run goes back to QUEUED; its next attempt goes on from this checkpoint. Conflict when it has not ended, or
   * has FINISHED, or points of it are still on their way, or it is deleted, or its client ran it.
   *
   * @param from path of the artifact
   */
  record Resume(String run, String from, long at) implements Change {}

  /** QUEUED to FAILED: it cannot be started. Conflict when it is not QUEUED. */
  record FailQueued(String run, String reason, long at) implements Change {}

  /** Facts found out by whoever runs it. A stale fence is refused. */
  record AddProvenance(String run, int attempt, long fence, Map<String, String> facts) implements Change {}

  /** Conflict when it has ended. A QUEUED run becomes STOPPED at once. */
  record RequestStop(String run, long at) implements Change {}

  /**
   * Ends the attempt and the run. Conflict when it has ended; a stale fence is refused. {@code draining}: points may
   * still arrive.
   */
  record EndAttempt(
      String run,
      int attempt,
      long fence,
      RunState state,
      @Nullable String reason,
      long at,
      boolean draining,
      long lostPoints)
      implements Change {}

  /** The spool of an ended attempt has been read to its end. */
  record FinishDraining(String run, int attempt, long fence, long lostPoints) implements Change {}

  /** Nothing heard of a RUNNING run since then; null: heard again. */
  record MarkUnreachable(String run, int attempt, long fence, @Nullable Long since) implements Change {}

  /** Null leaves name or notes as they are; a tag's null removes it. */
  record EditRun(String run, @Nullable String name, @Nullable String notes, Map<String, @Nullable String> tags)
      implements Change {}

  /** Hides (or shows again). Conflict when it is QUEUED or RUNNING. */
  record DeleteRun(String run, boolean deleted) implements Change {}

  /**
   * Points. Conflict when the attempt has ended and drained; a stale fence is refused; see {@link MetricBatch} for what
   * is dropped.
   */
  record AppendPoints(MetricBatch batch) implements Change {}
}
