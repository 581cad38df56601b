package io.trainyard.softmax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.spi.DivergedException;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Task;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.testkit.TaskContract;
import io.trainyard.toolkit.Classifier;
import io.trainyard.toolkit.FashionMnist;
import io.trainyard.toolkit.Losses;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

final class SoftmaxTest extends TaskContract {
  @Override
  protected Task task() {
    return new Softmax();
  }

  @Override
  protected Map<String, ?> quick() {
    return Map.of("batch_size", 7000, "epochs", 2);
  }

  @Test
  void atLogitsOfAThousandTheNaiveOneIsNanAndTheFusedOneIsExact() {
    float[][] logits = {{1000, -1000, 0}, {-1000, 1000, 0}};
    int[][] right = {{0}, {1}};
    int[][] wrong = {{1}, {0}};
    // exp(1000) is infinite; divided by itself it is NaN, and 0 divided by it is a probability of 0.
    assertThat(loss(Scratch::crossEntropy, logits, right)[0]).isNaN();
    assertThat(loss(Scratch::crossEntropy, logits, wrong)[0]).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(loss(Scratch::crossEntropy, logits, wrong)[1]).isNaN();
    assertThat(loss(Losses::crossEntropy, logits, right)[0]).isZero();
    assertThat(loss(Losses::crossEntropy, logits, wrong)[0]).isEqualTo(2000f);
    // The gradient of the fused one is the probabilities minus the label, divided by the rows.
    assertThat(loss(Losses::crossEntropy, logits, wrong)).containsExactly(2000f, 0.5f, -0.5f, 0, -0.5f, 0.5f, 0);
  }

  @Test
  void forLogitsOfAnyModelBothAreTheSame() {
    float[][] logits = {{1, 2, 3}, {0.5f, -2, 0}};
    float[] naive = loss(Scratch::crossEntropy, logits, new int[][] {{2}, {1}});
    float[] fused = loss(Losses::crossEntropy, logits, new int[][] {{2}, {1}});
    // -log(e³ / (e + e² + e³)) and -log(e⁻² / (e^½ + e⁻² + 1)), by hand.
    assertThat(naive[0]).isEqualTo((0.407606f + 3.023910f) / 2, within(1e-5f));
    for (int i = 0; i < naive.length; i++) {
      assertThat(naive[i]).isEqualTo(fused[i], within(1e-6f));
    }
  }

  @Test
  void labelsOfAnotherShapeAreRefusedAndNeverBroadcast() {
    for (Classifier.Loss loss : List.<Classifier.Loss>of(Scratch::crossEntropy, Losses::crossEntropy)) {
      try (Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        Operand<TFloat32> logits = tf.constant(new float[][] {{1, 2, 3}, {1, 2, 3}});
        for (Operand<TInt32> labels :
            List.<Operand<TInt32>>of(
                tf.constant(new int[] {0, 1}), tf.constant(new int[][] {{0, 1}}), tf.constant(new int[][] {{0}}))) {
          assertThatThrownBy(() -> loss.of(tf, logits, labels))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("labels have the shape " + labels.shape() + ", but predictions [2, 3]")
              .hasMessageContaining("(n, 1)");
        }
      }
    }
  }

  @Test
  void itLearnsTheSameEitherWay() throws Exception {
    double[] naive = run("scratch").train().values("train/loss");
    RecordingRun fused = run("fused").train();
    assertThat(naive[0]).isEqualTo(Math.log(10), within(0.1));
    for (int i = 0; i < naive.length; i++) {
      assertThat(fused.values("train/loss")[i]).isEqualTo(naive[i], within(1e-4));
    }
    assertThat(fused.last("epoch/train_loss")).isBetween(0.77, 0.81);
    assertThat(fused.last("train/accuracy")).isBetween(0.73, 0.77);
    assertThat(fused.last("test/accuracy")).isBetween(0.75, 0.83);
    assertThat(fused.last("test/loss")).isBetween(0.58, 0.68);
    assertThat(fused.last("train/examples_per_second")).isGreaterThan(1000);
    assertThat(fused.values("grad/norm")).hasSize(235);
  }

  @Test
  void atAHighLearningRateTheNaiveOneDivergesAndTheFusedOneGoesOn() throws Exception {
    assertThatThrownBy(run("scratch").param("learning_rate", 100)::train)
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("the loss is");
    RecordingRun fused = run("fused").param("learning_rate", 100).train();
    assertThat(Arrays.stream(fused.values("train/loss")).allMatch(Double::isFinite)).isTrue();
  }

  @Test
  void itShowsSamplesAndAfterEachEpochWhatIsTakenForWhat() throws Exception {
    RecordingRun run = new RecordingRun(new Softmax()).params(quick()).train();
    assertThat(run.exhibits().stream().map(it -> it.name() + " " + it.step()))
        .containsExactly("samples 0", "confusion 9", "mistakes 9", "confusion 18", "mistakes 18");

    Exhibit.Images samples = (Exhibit.Images) run.exhibit("samples");
    // The first pictures of the training set, as its page on GitHub shows them.
    assertThat(samples.pictures().stream().map(Exhibit.Picture::caption).limit(4))
        .containsExactly("ankle boot", "t-shirt", "t-shirt", "dress");

    Exhibit.Matrix confusion = (Exhibit.Matrix) run.exhibit("confusion");
    long right = 0;
    for (int row = 0; row < 10; row++) {
      long all = 0;
      for (int column = 0; column < 10; column++) {
        all += confusion.counts()[row][column];
      }
      assertThat(all).as("each class has 1,000 pictures").isEqualTo(1000);
      right += confusion.counts()[row][row];
    }
    assertThat(right / 10_000.0).isEqualTo(run.last("test/accuracy"), within(1e-7));

    Exhibit.Images mistakes = (Exhibit.Images) run.exhibit("mistakes");
    assertThat(mistakes.pictures()).hasSize(24);
    double before = 1;
    for (Exhibit.Picture picture : mistakes.pictures()) {
      assertThat(picture.caption()).matches("true: [a-z -]+, predicted: [a-z -]+ \\(p=[01]\\.[0-9]{2}\\)");
      double p = Double.parseDouble(picture.caption().replaceAll(".*p=|\\)", ""));
      assertThat(p).isLessThanOrEqualTo(before);
      before = p;
    }
  }

  @Test
  void aTrainedModelKnowsMostPictures() throws Exception {
    RecordingRun trained = run("fused").train();
    Exhibit.Images samples = (Exhibit.Images) trained.exhibit("samples");
    List<String> answers =
        run("fused").predict(trained, samples.pictures()).stream().map(it -> it.scores().get(0).label()).toList();
    long right = 0;
    for (int i = 0; i < answers.size(); i++) {
      assertThat(FashionMnist.CLASSES).contains(answers.get(i));
      right += answers.get(i).equals(samples.pictures().get(i).caption()) ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(16);
  }

  @Test
  void theRunSaysWhichDataItWas() throws Exception {
    // sha256sum of the four unpacked files, as it prints it, and sha256sum of that.
    assertThat(run("fused").stopAfter(1).train().provenance())
        .containsEntry("data.name", "fashion-mnist")
        .containsEntry("data.sha256", "5cf0562c46b89a77940b86f40a9a4325e7bed59d53ec555c4d14f0bed41ca53a");
  }

  private static RecordingRun run(String implementation) {
    return new RecordingRun(new Softmax()).param("implementation", implementation).param("epochs", 1);
  }

  /** The loss, then its gradient by the logits. */
  private static float[] loss(Classifier.Loss loss, float[][] logits, int[][] labels) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> in = tf.constant(logits);
      Operand<TFloat32> out = loss.of(tf, in, tf.constant(labels));
      Operand<TFloat32> gradient = Gradients.create(tf.scope(), out, List.of(in)).dy(0);
      try (var result = session.runner().fetch(out).fetch(gradient).run()) {
        float[] all = new float[1 + logits.length * logits[0].length];
        all[0] = ((TFloat32) result.get(0)).getFloat();
        result.get(1).asRawTensor().data().asFloats().read(all, 1, all.length - 1);
        return all;
      }
    }
  }
}
