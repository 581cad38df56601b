package io.trainyard.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.spi.Device.Kind;
import org.junit.jupiter.api.Test;

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
}
