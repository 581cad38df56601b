package io.trainyard.toolkit.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

final class TokenLossTest {
  private static final float[][] LOGITS = {{1, 2, 3}, {0, 0, 0}, {-1, 4, 0.5f}, {7, 7, -7}};
  private static final int[][] LABELS = {{2}, {0}, {0}, {1}};

  @Test
  void itIsTheMeanOfMinusTheLogarithms() {
    double expected = 0;
    for (int i = 0; i < LOGITS.length; i++) {
      double sum = 0;
      for (float logit : LOGITS[i]) {
        sum += Math.exp(logit);
      }
      expected -= Math.log(Math.exp(LOGITS[i][LABELS[i][0]]) / sum) / LOGITS.length;
    }
    assertThat(of(LOGITS, LABELS).mean).isEqualTo((float) expected, within(1e-6f));
  }

  @Test
  void itChangesByTheProbabilitiesAndMinusOneAtTheLabel() {
    Value value = of(LOGITS, LABELS);
    for (int i = 0; i < LOGITS.length; i++) {
      double sum = 0;
      for (float logit : LOGITS[i]) {
        sum += Math.exp(logit);
      }
      for (int j = 0; j < LOGITS[i].length; j++) {
        double expected = (Math.exp(LOGITS[i][j]) / sum - (LABELS[i][0] == j ? 1 : 0)) / LOGITS.length;
        assertThat(value.change[i][j]).isEqualTo((float) expected, within(1e-7f));
      }
    }
  }

  @Test
  void itIsExactWhereTheProbabilityOfTheLabelIsZeroInFloat32() {
    assertThat(of(new float[][] {{1000, -1000}}, new int[][] {{1}}).mean).isEqualTo(2000);
    assertThat(of(new float[][] {{1000, -1000}}, new int[][] {{0}}).mean).isZero();
    assertThat(of(new float[][] {{-1000, -1000}}, new int[][] {{0}}).mean).isEqualTo((float) Math.log(2), within(1e-4f));
  }

  @Test
  void anImpossibleLabelIsInfiniteAndOneOfAnImpossibleOtherIsNot() {
    float never = Float.NEGATIVE_INFINITY;
    assertThat(of(new float[][] {{0, never}}, new int[][] {{1}}).mean).isInfinite().isPositive();
    Value value = of(new float[][] {{0, never}}, new int[][] {{0}});
    assertThat(value.mean).isZero();
    assertThat(value.change[0]).containsExactly(0, 0);
  }

  @Test
  void logitsThatAreNoNumbersAnyMoreAreSeen() {
    assertThat(of(new float[][] {{Float.NaN, 0}}, new int[][] {{1}}).mean).isNaN();
  }

  private record Value(float mean, float[][] change) {}

  private static Value of(float[][] logits, int[][] labels) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> in = tf.constant(logits);
      TokenLoss loss = TokenLoss.of(tf, in, tf.constant(labels));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(loss.mean()).fetch(loss.change()).run()) {
        TFloat32 change = (TFloat32) result.get(1);
        return new Value(((TFloat32) result.get(0)).getFloat(), StdArrays.array2dCopyOf(change));
      }
    }
  }
}
