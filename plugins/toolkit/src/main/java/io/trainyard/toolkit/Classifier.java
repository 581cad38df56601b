package io.trainyard.toolkit;

import io.trainyard.spi.Exhibit.Picture;
import io.trainyard.spi.Predictor.Prediction;
import io.trainyard.spi.Predictor.Score;
import io.trainyard.spi.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The objective of telling classes apart: loss and accuracy of a model that gives a logit for each class. Used by the
 * thread that builds graphs.
 */
public record Classifier(Model model, Loss loss) implements Objective<Batch<TInt32>> {
  @Override
  public List<Operand<TFloat32>> means(Ops tf, Batch<TInt32> batch, Noise noise) {
    Operand<TFloat32> logits = model.output(tf, batch.inputs(), noise);
    Losses.oneLabelARow(logits, batch.labels());
    Operand<TInt32> likeliest = tf.expandDims(tf.math.argMax(logits, tf.constant(1), TInt32.class), tf.constant(1));
    Operand<TFloat32> hits = tf.dtypes.cast(tf.math.equal(likeliest, batch.labels()), TFloat32.class);
    return List.of(loss.of(tf, logits, batch.labels()), Losses.mean(tf, hits));
  }

  @Override
  public int count() {
    return 2;
  }

  /**
   * What a trained model says of pictures: the classes with their probabilities, the likeliest first.
   *
   * @param build makes the model's variables, as for the training
   */
  public static List<Prediction> predict(Run run, Build build, List<String> classes, List<Picture> pictures)
      throws IOException {
    try (Trainer trainer = Trainer.of(run)) {
      Model model = build.with(trainer);
      Checkpoint checkpoint = Checkpoint.ofModel(trainer);
      run.resumable(checkpoint);
      if (!checkpoint.restored()) {
        throw new IOException("run " + run.id() + " has no checkpoint, and so no trained model; train it first");
      }
      float[][] inputs = new float[pictures.size()][];
      for (int i = 0; i < inputs.length; i++) {
        byte[] pixels = pictures.get(i).pixels();
        inputs[i] = new float[pixels.length];
        for (int p = 0; p < pixels.length; p++) {
          inputs[i][p] = Byte.toUnsignedInt(pixels[p]) / 255f;
        }
      }
      Ops tf = trainer.tf();
      Operand<TFloat32> logits = model.output(tf, tf.constant(inputs), Noise.none());
      float[] all = trainer.values(tf.nn.softmax(logits));
      List<Prediction> predictions = new ArrayList<>();
      for (int i = 0; i < inputs.length; i++) {
        int row = i * classes.size();
        predictions.add(
            new Prediction(
                IntStream.range(0, classes.size())
                    .mapToObj(c -> new Score(classes.get(c), all[row + c]))
                    .sorted(Comparator.comparingDouble(Score::probability).reversed())
                    .toList()));
      }
      return predictions;
    }
  }

  /** A mean over the batch, from logits of the shape (n, classes) and labels of the shape (n, 1). */
  @FunctionalInterface
  public interface Loss {
    Operand<TFloat32> of(Ops tf, Operand<TFloat32> logits, Operand<TInt32> labels);
  }

  /** Makes a model's variables, and the model. */
  @FunctionalInterface
  public interface Build {
    Model with(Trainer trainer);
  }
}
