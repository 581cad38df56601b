package io.trainyard.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.spi.Device.Kind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

final class LoopShapeTest {
  private static final long LINREG = 3 * 10;
  private static final long SOFTMAX = 7_850 * 256;
  private static final long MLP = 203_530 * 256;

  @Test
  void theModelAndTheDeviceSayHowManyStepsACallTakes() {
    assertThat(LoopShape.steps(LINREG, Kind.CPU)).isEqualTo(100);
    assertThat(LoopShape.steps(SOFTMAX, Kind.CPU)).isEqualTo(1);
    assertThat(LoopShape.steps(MLP, Kind.CPU)).isEqualTo(1);
    assertThat(LoopShape.steps(LINREG, Kind.GPU)).isEqualTo(20);
    assertThat(LoopShape.steps(MLP, Kind.GPU)).isEqualTo(20);
    assertThat(LoopShape.steps(MLP * 1000, Kind.GPU)).isEqualTo(1);
  }

  @Test
  void operationsAreSharedOutOverTheCoresWhereTheLargestLayerIsWorthIt() {
    assertThat(LoopShape.shared(plan(1, Shape.of(784, 10)), 256)).isFalse();
    assertThat(LoopShape.shared(plan(1, Shape.of(784, 256), Shape.of(256, 256), Shape.of(256, 256)), 256)).isFalse();
    assertThat(LoopShape.shared(plan(1, Shape.of(784, 1024)), 256)).isTrue();
  }

  @Test
  void ofASequenceTheRowsOfOneTokenCount() {
    Shape input = Shape.of(28, 256);
    assertThat(LoopShape.shared(plan(35, input, Shape.of(256, 256), input), 32)).isFalse();
    assertThat(LoopShape.shared(plan(35, Shape.of(28, 512), Shape.of(512, 512), Shape.of(512, 28)), 32)).isTrue();
  }

  /** Of layers with these weights, and examples with so many tokens in a row. */
  private static Plan<Operand<TInt32>> plan(int each, Shape... layers) {
    Data<Operand<TInt32>> data =
        new Data<>() {
          @Override
          public int size() {
            return 1000;
          }

          @Override
          public Operand<TInt32> rows(Ops tf, Operand<TInt32> rows) {
            return rows;
          }

          @Override
          public int each() {
            return each;
          }
        };
    List<Variable> variables = Arrays.stream(layers).map(it -> new Variable(it.toString(), it)).toList();
    return new Plan<>(data, (tf, batch, noise) -> List.of(), Optimizer.sgd(1), variables, List.of(), 0, 1);
  }
}
