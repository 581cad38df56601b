package io.trainyard.core.bus;

import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.Question;
import io.trainyard.core.model.RunInput;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.IdempotencyKey;
import java.nio.file.Path;
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

  /** Exhibits and files of an attempt. Answered by the artifact keeper, once for all of them. */
  public static final Bus.Service<Keep, Boolean> KEEP = new Bus.Service<>("runs.keep");

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

  /**
   * Asks the model that a run has trained. Answered by the agent with the JSON that its runner wrote. Fails with
   * {@link io.trainyard.core.run.InvalidRequest} when the model refuses what it was asked.
   */
  public static final Bus.Service<Ask, byte[]> ASK = new Bus.Service<>("agent.ask", 240_000);

  // Announcements: what has been stored, and what is so.

  public static final Bus.Topic<PointsStored> METRICS = new Bus.Topic<>("runs.metrics");

  public static final Bus.Topic<RunChanged> CHANGED = new Bus.Topic<>("runs.changed");

  public static final Bus.Topic<LogStored> LOGGED = new Bus.Topic<>("runs.logged");

  /** Exhibits and artifacts that have been stored. */
  public static final Bus.Topic<Kept> KEPT = new Bus.Topic<>("runs.kept");

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
   * @param options how to run it; see {@link io.trainyard.core.run.RunOptions}
   * @param pinned the JAR to run, of all that this hub has ever had; null: the one in the plugins folder
   * @param inputs artifacts of other runs whose content must still be this, where a param refers to one
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
      Map<String, String> options,
      @Nullable TaskRef pinned,
      List<RunInput> inputs,
      @Nullable IdempotencyKey key) {}

  /**
   * A run to stop.
   *
   * @param force kill it at once
   * @param key asked for twice with one key, it is stored once
   */
  public record Stop(String run, boolean force, @Nullable IdempotencyKey key) {}

  public record Assign(RunRecord run) {}

  /**
   * What an attempt has logged beside its points.
   *
   * @param attempt its number; of an attempt before the latest that is known, nothing is taken any more
   * @param files where its files lie
   * @param records in the order of their positions
   */
  public record Keep(String run, int attempt, Path files, List<Keepsake> records) {
    public Keep {
      records = List.copyOf(records);
    }
  }

  /**
   * A question to a trained model.
   *
   * @param checkpoint path of the artifact that has the model's state
   */
  public record Ask(String run, String checkpoint, Question question) {}

  /** What has been stored of one attempt, at once. */
  public record Kept(String run, int attempt, List<KeptExhibit> exhibits, List<Artifact> artifacts) {}

  /** An exhibit that can be fetched now. */
  public record KeptExhibit(String name, String kind, long step, long time) {}

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
