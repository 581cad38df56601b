package io.trainyard.toolkit;

import io.trainyard.spi.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a training goes on from: its variables, what the optimizer remembers of them, the state that is carried from step
 * to step, and the sums of the epoch that has begun. Called by the thread that trains.
 *
 * <p>The order of the data and all random numbers come from the seed with the epoch or the step, so they are not in it.
 */
final class Checkpoint implements State {
  /** The sums of an epoch in whose middle it was saved. */
  private static final String SUMS = "epoch_sums";

  private final Trainer trainer;
  private final List<Variable> variables;
  private final Map<String, double[]> numbers;
  private final boolean modelOnly;
  private boolean restored;

  private Checkpoint(Trainer trainer, List<Variable> variables, Map<String, double[]> numbers, boolean modelOnly) {
    this.trainer = trainer;
    this.variables = variables;
    this.numbers = numbers;
    this.modelOnly = modelOnly;
  }

  /** All that a training needs; the sums are read and written in place. */
  static Checkpoint ofTraining(Trainer trainer, double[] sums) {
    Stream<Variable> trained = trainer.variables().stream().flatMap(Variable::withSlots);
    List<Variable> all = Stream.concat(trained, trainer.carried().stream()).toList();
    Map<String, double[]> numbers = new LinkedHashMap<>(trainer.remembered());
    numbers.put(SUMS, sums);
    return new Checkpoint(trainer, all, numbers, false);
  }

  /** What a trained model needs; what else is in the file does not matter. */
  static Checkpoint ofModel(Trainer trainer) {
    return new Checkpoint(trainer, trainer.variables(), Map.of(), true);
  }

  /** Whether this attempt goes on from somewhere. */
  boolean restored() {
    return restored;
  }

  @Override
  public void save(Path file) throws IOException {
    Map<String, Npz.Array> arrays = new LinkedHashMap<>();
    for (Variable variable : variables) {
      arrays.put(variable.name(), Npz.Array.of(variable.shape().asArray(), trainer.values(variable)));
    }
    numbers.forEach((name, values) -> arrays.put(name, Npz.Array.of(values)));
    trainer.attached().forEach((name, content) -> arrays.put(name, Npz.Array.of(content)));
    Npz.write(file, arrays);
  }

  @Override
  public void restore(Path file) throws IOException {
    Map<String, Npz.Array> arrays = Npz.read(file);
    Map<String, String> wanted = new LinkedHashMap<>();
    for (Variable variable : variables) {
      wanted.put(variable.name(), Npz.Array.FLOAT + Arrays.toString(variable.shape().asArray()));
    }
    numbers.forEach((name, values) -> wanted.put(name, Npz.Array.DOUBLE + "[" + values.length + "]"));
    List<String> wrong = new ArrayList<>();
    wanted.forEach(
        (name, kind) -> {
          Npz.Array array = arrays.get(name);
          if (array == null) {
            wrong.add(name + " is not in it");
          } else if (!array.kind().equals(kind)) {
            wrong.add(name + " is " + array.kind() + " in it, but " + kind + " here");
          }
        });
    if (!modelOnly) {
      trainer.attached().forEach((name, content) -> {
        Npz.Array array = arrays.get(name);
        if (array == null || !Arrays.equals(array.bytes(), content)) {
          wrong.add(name + (array == null ? " is not in it" : " is another one in it"));
        }
      });
      TreeSet<String> unknown = new TreeSet<>(arrays.keySet());
      unknown.removeAll(wanted.keySet());
      unknown.removeAll(trainer.attached().keySet());
      unknown.forEach(it -> wrong.add(it + " is in it, but not known here"));
    }
    if (!wrong.isEmpty()) {
      throw new IOException(
          file + " is a checkpoint of another training: " + String.join("; ", wrong)
              + ". Resume with the params that it was saved with, or start anew.");
    }
    for (Variable variable : variables) {
      trainer.assign(variable, arrays.get(variable.name()).floats());
    }
    numbers.forEach((name, values) -> System.arraycopy(arrays.get(name).doubles(), 0, values, 0, values.length));
    restored = true;
  }
}
