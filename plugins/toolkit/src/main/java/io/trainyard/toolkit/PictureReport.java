package io.trainyard.toolkit;

import io.trainyard.spi.Exhibit.Images;
import io.trainyard.spi.Exhibit.Matrix;
import io.trainyard.spi.Exhibit.Picture;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.Trainer.EpochEnd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * After each epoch of a classifier of pictures: losses and accuracies, which class is taken for which, and the mistakes
 * of which the model is surest. Called by the thread that trains.
 *
 * <p>Loss and accuracy of the training are means over the epoch's steps, as the published curves have them; those of
 * the test are of the whole test set with the variables that the epoch ended with.
 */
public final class PictureReport implements Consumer<EpochEnd> {
  public static final Metric TRAIN_ACCURACY = Metric.maximize("train/accuracy");
  public static final Metric TEST_LOSS = Metric.minimize("test/loss");
  public static final Metric TEST_ACCURACY = Metric.maximize("test/accuracy");

  private static final int SHOWN = 24;
  private static final Logger log = LoggerFactory.getLogger(PictureReport.class);

  private final Run run;
  private final Pictures pictures;
  private final Evaluation evaluation;
  private final int[] predicted;
  private final float[] probability;

  private PictureReport(Run run, Pictures pictures, Evaluation evaluation) {
    this.run = run;
    this.pictures = pictures;
    this.evaluation = evaluation;
    this.predicted = new int[pictures.size()];
    this.probability = new float[pictures.size()];
  }

  /** To be built before the training. */
  public static PictureReport of(Trainer trainer, Classifier classifier, Pictures test) {
    return new PictureReport(
        trainer.run(),
        test,
        trainer.evaluation(trainer.data(test), classifier, (tf, batch) -> answers(tf, batch, classifier.model())));
  }

  private static List<Operand<?>> answers(Ops tf, Batch<TInt32> batch, Model model) {
    Operand<TFloat32> probabilities = tf.nn.softmax(model.output(tf, batch.inputs(), Noise.none()));
    return List.of(
        tf.math.argMax(probabilities, tf.constant(1), TInt32.class), tf.max(probabilities, tf.constant(1)));
  }

  /** Some pictures with their labels, before the first step. */
  public static void showSamples(Run run, Pictures pictures) {
    List<Picture> shown =
        IntStream.range(0, Math.min(SHOWN, pictures.size()))
            .mapToObj(i -> pictures.picture(i, pictures.classes().get(pictures.label(i))))
            .toList();
    run.show("samples", 0, new Images(shown));
  }

  @Override
  public void accept(EpochEnd epoch) {
    double[] test =
        evaluation.means(
            (at, count, result) -> {
              result.get(1).asRawTensor().data().asInts().read(predicted, at, count);
              result.get(2).asRawTensor().data().asFloats().read(probability, at, count);
            });
    run.log(Trainer.EPOCH_LOSS, epoch.step(), epoch.means()[0]);
    run.log(TRAIN_ACCURACY, epoch.step(), epoch.means()[1]);
    run.log(TEST_LOSS, epoch.step(), test[0]);
    run.log(TEST_ACCURACY, epoch.step(), test[1]);
    run.show("confusion", epoch.step(), confusion());
    run.show("mistakes", epoch.step(), mistakes());
    log.info(
        String.format(
            Locale.ROOT,
            "epoch %d: train loss %.4f, accuracy %.4f; test loss %.4f, accuracy %.4f",
            epoch.number(),
            epoch.means()[0],
            epoch.means()[1],
            test[0],
            test[1]));
  }

  private Matrix confusion() {
    List<String> classes = pictures.classes();
    long[][] counts = new long[classes.size()][classes.size()];
    for (int i = 0; i < predicted.length; i++) {
      counts[pictures.label(i)][predicted[i]]++;
    }
    return new Matrix("true", classes, "predicted", classes, counts);
  }

  private Images mistakes() {
    List<Integer> wrong = new ArrayList<>();
    for (int i = 0; i < predicted.length; i++) {
      if (predicted[i] != pictures.label(i)) {
        wrong.add(i);
      }
    }
    wrong.sort(Comparator.comparingDouble((Integer it) -> -probability[it]));
    return new Images(wrong.stream().limit(SHOWN).map(this::mistake).toList());
  }

  private Picture mistake(int index) {
    String caption =
        String.format(
            Locale.ROOT,
            "true: %s, predicted: %s (p=%.2f)",
            pictures.classes().get(pictures.label(index)),
            pictures.classes().get(predicted[index]),
            probability[index]);
    return pictures.picture(index, caption);
  }
}
