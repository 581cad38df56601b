package io.trainyard.toolkit.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.toolkit.Npz;
import io.trainyard.toolkit.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

final class WeightFilesTest {
  @TempDir Path folder;

  @Test
  void theNamesAndShapesAreThoseOfPyTorchAndTheNumbersComeBack() throws Exception {
    Asking.with(
        trainer -> {
          Layout layout = new Layout(Cell.GRU, 5, 2, 2, true);
          RecurrentLayer layer = new RecurrentLayer(trainer, layout, 0, Initial.uniform(2));
          WeightFiles files = new WeightFiles(trainer).layer("", layer);
          Path npz = folder.resolve("w.npz");
          Path json = folder.resolve("w.json");
          files.write(npz);
          files.write(json);
          Map<String, Npz.Array> arrays = Npz.read(npz);
          assertThat(arrays).hasSize(16);
          assertThat(arrays.get("weight_ih_l0").shape()).containsExactly(3 * 2, 5);
          assertThat(arrays.get("weight_hh_l1_reverse").shape()).containsExactly(3 * 2, 2);
          assertThat(arrays.get("weight_ih_l1").shape()).as("both directions of the layer below").containsExactly(6, 4);
          assertThat(arrays.get("bias_hh_l0_reverse").shape()).containsExactly(6);

          for (Path file : new Path[] {npz, json}) {
            float[] before = trainer.values(layer.variables().get(1).get(0));
            for (Variable variable : layer.variables().get(1)) {
              trainer.assign(variable, new float[(int) variable.shape().size()]);
            }
            files.read(file, file.getFileName().toString());
            assertThat(trainer.values(layer.variables().get(1).get(0))).isEqualTo(before);
          }
        });
  }

  @Test
  void aMatrixIsTransposedAndJsonIsWhatTorchTensorTakes() throws Exception {
    Asking.with(
        trainer -> {
          Variable w = trainer.variable("w", trainer.zeros(2, 3));
          trainer.assign(w, new float[] {1, 2, 3, 4, 5, Float.NaN});
          Variable b = trainer.variable("b", trainer.zeros(2));
          WeightFiles files = new WeightFiles(trainer).transposed("fc.weight", w).add("fc.bias", b);
          Path json = folder.resolve("fc.json");
          files.write(json);
          assertThat(Files.readString(json))
              .isEqualTo("{\"fc.weight\":[[1.0,4.0],[2.0,5.0],[3.0,\"NaN\"]],\"fc.bias\":[0.0,0.0]}");
          trainer.assign(w, new float[6]);
          files.read(json, "fc.json");
          assertThat(trainer.values(w)).containsExactly(1, 2, 3, 4, 5, Float.NaN);
        });
  }

  @Test
  void weightsOfAnotherModelAreRefusedEachWithItsReason() throws Exception {
    Asking.with(
        trainer -> {
          Variable w = trainer.variable("w", trainer.normal(Shape.of(2, 3), 1));
          float[] before = trainer.values(w);
          WeightFiles files = new WeightFiles(trainer).add("w", w).add("b", trainer.variable("b", trainer.zeros(1)));
          Path json = folder.resolve("other.json");
          Files.writeString(json, "{\"w\": [[1, 2], [3, 4]], \"c\": [1]}");
          assertThatThrownBy(() -> files.read(json, "weights.json"))
              .isInstanceOf(IOException.class)
              .hasMessage(
                  "it has the weights of another model: w is <f4[2, 2] in it, but <f4[2, 3] here; b is not in it;"
                      + " c is in it, but not in this model");
          Files.writeString(json, "{\"w\": [[1, 2], [3]]}");
          assertThatThrownBy(() -> files.read(json, "weights.json"))
              .hasMessage("weights.json: w has lists of 2 and of 1 side by side");
          Files.writeString(json, "{\"w\": [[1, 2], 3]}");
          assertThatThrownBy(() -> files.read(json, "weights.json")).hasMessage("weights.json: w has numbers beside lists");
          assertThat(trainer.values(w)).isEqualTo(before);
        });
  }
}
