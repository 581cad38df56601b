package io.trainyard.linreg;

import io.trainyard.spi.Band;
import io.trainyard.spi.Metric;
import io.trainyard.toolkit.Trainer;
import java.util.List;

/** What the course reaches with these settings; constants. */
final class Published {
  private static final String SOURCE =
      "Dive into Deep Learning, linear regression: notebooks of five editions, and NumPy baselines of 20 seeds";

  static final Band[] BANDS = {
    band(Trainer.EPOCH_LOSS, 3, 4e-5, 7e-5).when(Linreg.IMPLEMENTATION, "scratch"),
    band(Trainer.EPOCH_LOSS, 3, 8e-5, 1.4e-4).when(Linreg.IMPLEMENTATION, "concise"),
    band(Linreg.ERROR_W, 3, 0, 5e-3),
    band(Linreg.ERROR_B, 3, 0, 5e-3),
    band(Linreg.ERROR_W, 5, 0, 2e-3),
    band(Linreg.ERROR_B, 5, 0, 2e-3)
  };

  private Published() {}

  private static Band band(Metric metric, int epoch, double low, double high) {
    return Band.of(metric, low, high)
        .at(epoch)
        .source(SOURCE)
        .when(Linreg.TRUE_W, List.of(2.0, -3.4))
        .when(Linreg.TRUE_B, 4.2)
        .when(Linreg.NOISE, 0.01)
        .when(Linreg.EXAMPLES, 1000L)
        .when(Linreg.LEARNING_RATE, 0.03)
        .when(Linreg.BATCH_SIZE, 10L);
  }
}
