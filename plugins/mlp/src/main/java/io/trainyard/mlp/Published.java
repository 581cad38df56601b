package io.trainyard.mlp;

import io.trainyard.spi.Band;
import io.trainyard.spi.Metric;
import io.trainyard.toolkit.PictureReport;
import io.trainyard.toolkit.Trainer;
import java.util.List;

/** What the course, and the same model in NumPy, reach with these settings; constants. */
final class Published {
  private static final String COURSE =
      "Dive into Deep Learning, multilayer perceptron: the curves of its notebooks, and NumPy baselines of 20 seeds";

  private static final String NUMPY = "NumPy baselines of the course's setting with this activation";

  static final Band[] BANDS = {
    band("relu", Trainer.EPOCH_LOSS, 0.378, 0.390).source(COURSE),
    band("relu", PictureReport.TRAIN_ACCURACY, 0.860, 0.868).source(COURSE),
    band("tanh", Trainer.EPOCH_LOSS, 0.386, 0.402).source(NUMPY),
    band("sigmoid", Trainer.EPOCH_LOSS, 0.493, 0.509).source(NUMPY),
    band("none", Trainer.EPOCH_LOSS, 0.419, 0.435).source(NUMPY)
  };

  private Published() {}

  private static Band band(String activation, Metric metric, double low, double high) {
    return Band.of(metric, low, high)
        .at(10)
        .when(Mlp.ACTIVATION, activation)
        .when(Mlp.HIDDEN_SIZES, List.of(256L))
        .when(Mlp.INIT, "normal")
        .when(Mlp.OPTIMIZER, "sgd")
        .when(Mlp.LEARNING_RATE, 0.1)
        .when(Mlp.WEIGHT_DECAY, 0.0)
        .when(Mlp.DROPOUT, 0.0)
        .when(Mlp.BATCH_SIZE, 256L);
  }
}
