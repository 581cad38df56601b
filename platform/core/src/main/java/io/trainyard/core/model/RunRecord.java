package io.trainyard.core.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a run but its points.
 *
 * @param id 32 hex digits
 * @param reason why it is in this state, as a sentence, where there is something to say
 * @param task null when a client logged the run
 * @param params in the order given; values are String, Long, Double, Boolean, or a List of one of these
 * @param createdAt milliseconds since 1970, like all times here
 * @param stopRequested a stop has been asked for
 * @param draining ended, but its spool has not been read to its end
 * @param unreachableSince RUNNING, but its agent has heard nothing of it since
 * @param lostPoints points that its spool could not hold; never reset
 * @param dataFolder the folder with data sets that the user named
 * @param options how it is run, as against what: {@code device}, {@code checkpoint_every}; empty in older runs
 * @param resumeFrom path of the checkpoint from which the latest attempt goes on, or (QUEUED) the next one will
 * @param resumedAt when it was last asked to go on: its place in the queue
 * @param attempts oldest first; empty while it has never been started
 * @param provenance what it takes to tell why two runs differ
 * @param version grows with every change of this run, points included
 */
public record RunRecord(
    String id,
    String experimentId,
    String name,
    RunState state,
    @Nullable String reason,
    @Nullable TaskRef task,
    Map<String, Object> params,
    long seed,
    Map<String, String> tags,
    String notes,
    long createdAt,
    @Nullable Long startedAt,
    @Nullable Long endedAt,
    boolean stopRequested,
    boolean draining,
    @Nullable Long unreachableSince,
    long lostPoints,
    @Nullable String rerunOf,
    boolean deleted,
    @Nullable String dataFolder,
    Map<String, String> options,
    @Nullable String resumeFrom,
    @Nullable Long resumedAt,
    List<Attempt> attempts,
    Map<String, String> provenance,
    long version) {

  public RunRecord {
    params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    attempts = List.copyOf(attempts);
  }

  /** The latest attempt; null while it has never been started. */
  public @Nullable Attempt attempt() {
    return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
  }

  /** Number of the latest attempt, 0 while it has never been started. */
  public int attemptNumber() {
    return attempts.isEmpty() ? 0 : attempts.get(attempts.size() - 1).number();
  }
}
