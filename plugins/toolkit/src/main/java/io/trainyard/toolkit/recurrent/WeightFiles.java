package io.trainyard.toolkit.recurrent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.trainyard.toolkit.Npz;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.Variable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * The weights of a model in files that other frameworks read and write: by the names and in the layout of PyTorch's
 * {@code state_dict}. Used by the thread that trains.
 *
 * <p>As {@code .npz}, an array of float32 each. As {@code .json}, an object of lists of lists, so that
 * {@code torch.tensor(weights[name])} is the weight; NaN and infinities, which JSON does not have, are strings.
 */
public final class WeightFiles {
  private final Trainer trainer;
  private final Map<String, Weight> weights = new LinkedHashMap<>();

  public WeightFiles(Trainer trainer) {
    this.trainer = trainer;
  }

  /** A weight that is the same there. */
  public WeightFiles add(String name, Variable variable) {
    weights.put(name, new Weight(variable, false));
    return this;
  }

  /** A matrix that has inputs as its rows here, and outputs there. */
  public WeightFiles transposed(String name, Variable variable) {
    weights.put(name, new Weight(variable, true));
    return this;
  }

  /** The weights of a layer: {@code rnn.weight_ih_l0} and so on. */
  public WeightFiles layer(String prefix, RecurrentLayer layer) {
    for (int state = 0; state < layer.layout().states(); state++) {
      String suffix = layer.layout().suffix(state);
      List<Variable> four = layer.variables().get(state);
      transposed(prefix + "weight_ih_" + suffix, four.get(0));
      transposed(prefix + "weight_hh_" + suffix, four.get(1));
      add(prefix + "bias_ih_" + suffix, four.get(2));
      add(prefix + "bias_hh_" + suffix, four.get(3));
    }
    return this;
  }

  /** Writes a file that does not exist yet: {@code .json}, or {@code .npz} by any other name. */
  public void write(Path file) throws IOException {
    Map<String, Npz.Array> arrays = new LinkedHashMap<>();
    weights.forEach((name, weight) -> arrays.put(name, weight.write(trainer)));
    if (!json(file.getFileName().toString())) {
      Npz.write(file, arrays);
      return;
    }
    try (OutputStream out = Files.newOutputStream(file);
        JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, Npz.Array> one : arrays.entrySet()) {
        json.writeFieldName(one.getKey());
        write(json, one.getValue().shape(), 0, one.getValue().floats(), 0);
      }
      json.writeEndObject();
    }
  }

  private static int write(JsonGenerator json, long[] shape, int dimension, float[] values, int at) throws IOException {
    int next = at;
    json.writeStartArray();
    for (int i = 0; i < shape[dimension]; i++) {
      if (dimension < shape.length - 1) {
        next = write(json, shape, dimension + 1, values, next);
      } else {
        json.writeNumber(values[next++]);
      }
    }
    json.writeEndArray();
    return next;
  }

  /**
   * Gives the model the weights of a file, all of them.
   *
   * @param name what it is called, where the file's own name does not say what it is: it ends with {@code .json}, or is
   *     taken for {@code .npz}
   * @throws IOException names every weight that does not fit; then nothing is changed
   */
  public void read(Path file, String name) throws IOException {
    Map<String, Npz.Array> arrays = json(name) ? readJson(file, name) : Npz.read(file);
    List<String> wrong = new ArrayList<>();
    weights.forEach((key, weight) -> {
      Npz.Array array = arrays.get(key);
      if (array == null) {
        wrong.add(key + " is not in it");
      } else if (!array.type().equals("<f4") || !Arrays.equals(array.shape(), weight.shape())) {
        wrong.add(
            key + " is " + array.type() + Arrays.toString(array.shape()) + " in it, but <f4"
                + Arrays.toString(weight.shape()) + " here");
      }
    });
    TreeSet<String> unknown = new TreeSet<>(arrays.keySet());
    unknown.removeAll(weights.keySet());
    unknown.forEach(it -> wrong.add(it + " is in it, but not in this model"));
    if (!wrong.isEmpty()) {
      throw new IOException("it has the weights of another model: " + String.join("; ", wrong));
    }
    weights.forEach((key, weight) -> weight.read(trainer, arrays.get(key).floats()));
  }

  private static boolean json(String name) {
    return name.endsWith(".json");
  }

  private static Map<String, Npz.Array> readJson(Path file, String called) throws IOException {
    Map<String, Npz.Array> arrays = new LinkedHashMap<>();
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException(called + " is no JSON object of weights");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        Numbers numbers = new Numbers(called + ": " + name);
        numbers.list(json, 0);
        arrays.put(name, Npz.Array.of(numbers.shape(), numbers.values()));
      }
    } catch (JsonProcessingException e) {
      throw new IOException(called + " is no JSON: " + e.getMessage(), e);
    }
    return arrays;
  }

  /** A variable, and whether the file has it transposed. */
  private record Weight(Variable variable, boolean transposed) {
    /** In the file. */
    long[] shape() {
      long[] shape = variable.shape().asArray();
      return transposed ? new long[] {shape[1], shape[0]} : shape;
    }

    Npz.Array write(Trainer trainer) {
      float[] values = trainer.values(variable);
      long[] shape = variable.shape().asArray();
      return Npz.Array.of(shape(), transposed ? transpose(values, (int) shape[0], (int) shape[1]) : values);
    }

    void read(Trainer trainer, float[] values) {
      long[] shape = shape();
      trainer.assign(variable, transposed ? transpose(values, (int) shape[0], (int) shape[1]) : values);
    }

    private static float[] transpose(float[] values, int rows, int columns) {
      float[] turned = new float[values.length];
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          turned[column * rows + row] = values[row * columns + column];
        }
      }
      return turned;
    }
  }

  /** Lists of lists of numbers, all lists of a depth as long as each other. */
  private static final class Numbers {
    private final String where;
    private final List<Long> shape = new ArrayList<>();
    private float[] values = new float[1 << 10];
    private int size;

    Numbers(String where) {
      this.where = where;
    }

    /** Reads one list. */
    void list(JsonParser json, int depth) throws IOException {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        throw new IOException(where + " must be lists of numbers, as deep as each other");
      }
      long length = 0;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() == JsonToken.START_ARRAY) {
          list(json, depth + 1);
        } else {
          number(json);
        }
        length++;
      }
      while (shape.size() <= depth) {
        shape.add(-1L);
      }
      if (shape.get(depth) == -1L) {
        shape.set(depth, length);
      } else if (shape.get(depth) != length) {
        throw new IOException(where + " has lists of " + shape.get(depth) + " and of " + length + " side by side");
      }
    }

    private void number(JsonParser json) throws IOException {
      float value;
      try {
        value = Float.parseFloat(json.getText());
      } catch (NumberFormatException e) {
        throw new IOException(where + " has " + json.getText() + " where a number belongs");
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
    }

    long[] shape() throws IOException {
      long[] all = shape.stream().mapToLong(it -> it).toArray();
      if (LongStream.of(all).reduce(1, (a, b) -> a * b) != size) {
        throw new IOException(where + " has numbers beside lists");
      }
      return all;
    }

    float[] values() {
      return Arrays.copyOf(values, size);
    }
  }
}
