package io.trainyard.rnnlm;

import io.trainyard.spi.Band;
import io.trainyard.toolkit.text.Corpora;

/** What the course reaches with these settings; constants. */
final class Published {
  private static final String SOURCE =
      "Dive into Deep Learning, recurrent networks: the figures and curves of its notebooks, and NumPy baselines";

  static final Band[] BANDS = {
    ofTheCourse("consecutive", 256, 1.15, 1.35),
    ofTheCourse("random", 256, 1.25, 1.45),
    ofTheCourse("random_offset", 256, 1.45, 1.9),
    ofTheCourse("consecutive", 512, 1, 1.1)
  };

  private Published() {}

  /** The perplexity after 500 epochs of the first 10,000 characters of The Time Machine. */
  private static Band ofTheCourse(String sampling, long hidden, double low, double high) {
    return Band.of(Report.TRAIN_PERPLEXITY, low, high)
        .at(500)
        .source(SOURCE)
        .when(Corpora.CORPUS, Corpora.TIME_MACHINE)
        .when(Corpora.UNIT, "char")
        .when(Corpora.MAX_TOKENS, 10_000L)
        .when(Corpora.SPLIT, 1.0)
        .when(Params.SAMPLING, sampling)
        .when(Params.INIT, "normal")
        .when(Params.CELL, "rnn_tanh")
        .when(Params.HIDDEN_SIZE, hidden)
        .when(Params.NUM_LAYERS, 1L)
        .when(Params.NUM_STEPS, 35L)
        .when(Params.BATCH_SIZE, 32L)
        .when(Params.OPTIMIZER, "sgd")
        .when(Params.LEARNING_RATE, 1.0)
        .when(Params.CLIP, 1.0);
  }
}
