package io.trainyard.runner;

import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.Device;
import io.trainyard.spi.Epoch;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.State;
import io.trainyard.spi.Steps;
import io.trainyard.spi.TaskSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The finished run that a model's answer is based on: it restores the checkpoint, has no epochs, and what is logged to
 * it goes nowhere. The thread "ask" calls.
 */
final class AskedRun implements Run {
  private final Question question;
  private final Device device;
  private final ParamValues values;
  private boolean restored;

  AskedRun(Question question, TaskSpec spec, Device device) {
    this.question = question;
    this.device = device;
    this.values = new ParamValues(spec, question.params());
  }

  /** Whether the model is the trained one. */
  boolean restored() {
    return restored;
  }

  @Override
  public String id() {
    return question.run();
  }

  @Override
  public long seed() {
    return question.seed();
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public boolean stopping() {
    return false;
  }

  @Override
  public <T> T get(Param<T> param) {
    return values.get(param);
  }

  @Override
  public Iterable<Epoch> epochs(int count) {
    throw new IllegalStateException("a model that is asked has no epochs: it must not train");
  }

  @Override
  public Path artifact(ArtifactRef input) throws IOException {
    return question.inputs().file(input);
  }

  @Override
  public void resumable(State state) throws IOException {
    state.restore(question.checkpoint());
    restored = true;
  }

  @Override
  public void log(Metric metric, Steps steps, float[] values) {}

  @Override
  public void log(Metric metric, long step, double value) {}

  @Override
  public void show(String name, long step, Exhibit exhibit) {}

  @Override
  public void keep(String path, Path file) {}

  @Override
  public void provenance(String key, String value) {}

  @Override
  public Optional<Path> dataFolder() {
    return Optional.ofNullable(question.data());
  }
}
