package io.trainyard.tests.benchmarks;

import java.util.Random;

/**
 * Really trains a small network in float32 on noisy labels, so that there are real losses to store: the mean over a
 * batch of 8, which falls, and then jumps about as losses do. One thread; 300,000 steps a second.
 */
final class Losses {
  private static final int HIDDEN = 8;
  private static final int INPUTS = 4;
  private static final int BATCH = 8;
  private static final float RATE = 0.05f;

  private final Random random;
  private final float[] inner = new float[HIDDEN * INPUTS];
  private final float[] outer = new float[HIDDEN];
  private final float[] x = new float[INPUTS];
  private final float[] h = new float[HIDDEN];

  Losses(long seed) {
    random = new Random(seed);
    for (int i = 0; i < inner.length; i++) {
      inner[i] = (float) random.nextGaussian() * 0.5f;
    }
    for (int i = 0; i < HIDDEN; i++) {
      outer[i] = (float) random.nextGaussian() * 0.5f;
    }
  }

  /** Trains one step; answers the cross-entropy of its batch. */
  float step() {
    float loss = 0;
    for (int example = 0; example < BATCH; example++) {
      for (int i = 0; i < INPUTS - 1; i++) {
        x[i] = (float) random.nextGaussian();
      }
      x[INPUTS - 1] = 1;
      boolean label = sigmoid(2 * x[0] * x[1] + x[2]) > random.nextFloat();
      float logit = 0;
      for (int j = 0; j < HIDDEN; j++) {
        float sum = 0;
        for (int i = 0; i < INPUTS; i++) {
          sum += inner[j * INPUTS + i] * x[i];
        }
        h[j] = Math.max(0, sum);
        logit += outer[j] * h[j];
      }
      float p = sigmoid(logit);
      loss -= (float) Math.log(label ? p : 1 - p);
      float gradient = (p - (label ? 1 : 0)) * RATE;
      for (int j = 0; j < HIDDEN; j++) {
        float back = gradient * outer[j];
        outer[j] -= gradient * h[j];
        if (h[j] > 0) {
          for (int i = 0; i < INPUTS; i++) {
            inner[j * INPUTS + i] -= back * x[i];
          }
        }
      }
    }
    return loss / BATCH;
  }

  float[] steps(int count) {
    float[] losses = new float[count];
    for (int i = 0; i < count; i++) {
      losses[i] = step();
    }
    return losses;
  }

  private static float sigmoid(float value) {
    return (float) (1 / (1 + Math.exp(-value)));
  }
}
