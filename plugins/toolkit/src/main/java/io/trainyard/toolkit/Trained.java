package io.trainyard.toolkit;

import io.trainyard.spi.Run;
import io.trainyard.spi.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A trained model to be asked, read from a run's checkpoint with nothing else: no data. Used by the thread that asks;
 * holds native memory.
 *
 * @param <M> the model
 */
public final class Trained<M> implements AutoCloseable {
  private final Trainer trainer;
  private final M model;

  private Trained(Trainer trainer, M model) {
    this.trainer = trainer;
    this.model = model;
  }

  /**
   * Builds the model and gives its variables the trained values.
   *
   * @throws IOException if the run has no checkpoint, or one of another model
   */
  public static <M> Trained<M> open(Run run, Build<M> build) throws IOException {
    Trainer trainer = Trainer.of(run);
    try {
      Reading<M> reading = new Reading<>(trainer, build);
      run.resumable(reading);
      M model = reading.model;
      if (model == null) {
        throw new IOException("run " + run.id() + " has no checkpoint, and so no trained model; train it first");
      }
      return new Trained<>(trainer, model);
    } catch (IOException | RuntimeException e) {
      trainer.close();
      throw e;
    }
  }

  public M model() {
    return model;
  }

  @Override
  public void close() {
    trainer.close();
  }

  /** Makes a model and its variables, as for the training. */
  @FunctionalInterface
  public interface Build<M> {
    /**
     * The model.
     *
     * @param attached what the training has {@link Trainer#attach attached}, by name
     */
    M with(Trainer trainer, Map<String, byte[]> attached) throws IOException;
  }

  /** Restores only: what is asked is not saved. */
  private static final class Reading<M> implements State {
    private final Trainer trainer;
    private final Build<M> build;
    private @Nullable M model;

    Reading(Trainer trainer, Build<M> build) {
      this.trainer = trainer;
      this.build = build;
    }

    @Override
    public void save(Path file) {
      throw new IllegalStateException("a model that is asked is not trained");
    }

    @Override
    public void restore(Path file) throws IOException {
      Map<String, byte[]> attached = new TreeMap<>();
      Npz.read(file).forEach((name, array) -> {
        if (array.type().equals(Npz.Array.BYTE)) {
          attached.put(name, array.bytes());
        }
      });
      M made = build.with(trainer, attached);
      Checkpoint.ofModel(trainer).restore(file);
      model = made;
    }
  }
}
