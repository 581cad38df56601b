package io.trainyard.core.bus;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.IdempotencyKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every address of the event bus, with what travels on it. */
public final class Addresses {
  private Addresses() {}

  // Towards the store. The answer comes when the change is durable; it is announced below only after that.

  /** Points of one attempt. Answered by the recorder. */
  public static final Bus.Service<MetricBatch, Applied> APPEND = new Bus.Service<>("runs.append");

  /** Any other change. Answered by the recorder. */
  public static final Bus.Service<Write, Applied> APPLY = new Bus.Service<>("runs.apply");

  /** Bytes of a run's output. Answered by the log keeper with where to go on. */
  public static final Bus.Service<LogChunk, Long> LOG = new Bus.Service<>("runs.log");

  // Commands.

  /**
   * Checks and queues a run. Fails with {@link io.trainyard.core.run.InvalidRequest} that names every bad field.
   * Answered by the launcher.
   */
  public static final Bus.Service<Launch, RunRecord> LAUNCH = new Bus.Service<>("runs.launch");

  /** Stops a run. Answered by the scheduler. */
  public static final Bus.Service<Stop, RunRecord> STOP = new Bus.Service<>("runs.stop");

  /** From the scheduler to the agent: run this attempt. Answered when its runner has the assignment. */
  public static final Bus.Service<Assign, Boolean> ASSIGN = new Bus.Service<>("agent.assign");

  /** From the scheduler to the agent: ask the runner to stop; after the grace period, or at once if forced, kill it. */
  public static final Bus.Service<Stop, Boolean> HALT = new Bus.Service<>("agent.halt");

  // Announcements: what has been stored, and what is so.

  public static final Bus.Topic<PointsStored> METRICS = new Bus.Topic<>("runs.metrics");

  public static final Bus.Topic<RunChanged> CHANGED = new Bus.Topic<>("runs.changed");

  public static final Bus.Topic<LogStored> LOGGED = new Bus.Topic<>("runs.logged");

  /** How far a run is; not stored. */
  public static final Bus.Topic<Progress> PROGRESS = new Bus.Topic<>("runs.progress");

  /** Queue and slots have changed. */
  public static final Bus.Topic<QueueStatus> QUEUE = new Bus.Topic<>("queue.changed");

  /** The list of plugins or tasks has changed. */
  public static final Bus.Topic<PluginsChanged> PLUGINS = new Bus.Topic<>("plugins.changed");

  /** A change, and the key that makes it happen once. */
  public record Write(Change change, @Nullable IdempotencyKey key) {}

  /**
   * A run to launch.
   *
   * @param params as given: JSON values, or texts that are to be read as the param's type
   * @param seed null: a random one
   * @param rerunOf the run that this repeats
   * @param source facts about the caller's checkout, for the provenance
   */
  public record Launch(
      String experiment,
      String task,
      Map<String, Object> params,
      @Nullable Long seed,
      @Nullable String name,
      Map<String, String> tags,
      String notes,
      @Nullable String data,
      @Nullable String rerunOf,
      Map<String, String> source,
      @Nullable IdempotencyKey key) {}

  /**
   * A run to stop.
   *
   * @param force kill it at once
   * @param key asked for twice with one key, it is stored once
   */
  public record Stop(String run, boolean force, @Nullable IdempotencyKey key) {}

  public record Assign(RunRecord run) {}

  /** Points that have been stored, as version {@code version} of the run, which was {@code previous} before. */
  public record PointsStored(MetricBatch batch, RunRecord run, long previous, long sequence) {}

  public record RunChanged(RunRecord run, long previous, long sequence) {}

  /**
   * Output of an attempt.
   *
   * @param from position of the first byte among all bytes ever printed; what is known already is dropped
   * @param last nothing can follow: make it durable
   */
  public record LogChunk(String run, int attempt, long from, byte[] bytes, boolean last) {}

  public record LogStored(String run, int attempt, long from, byte[] bytes) {}

  /** Zero where unknown. */
  public record Progress(String run, int attempt, long step, long steps, long epoch, long epochs) {}

  public record QueueStatus(int queued, int running, int slots, List<String> runningRuns) {}

  public record PluginsChanged() {}
}
