package io.trainyard.linreg;

import io.trainyard.spi.Metric;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.Trainer;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs after each epoch what was found, and how far it is from what made the data; the thread that trains calls. */
final class Found {
  static final Metric BIAS = Metric.of("weight/b");

  private static final Logger log = LoggerFactory.getLogger(Linreg.class);

  private final Run run;
  private final List<Double> trueW;
  private final double trueB;
  private final List<Metric> weights;

  Found(Run run, List<Double> trueW, double trueB) {
    this.run = run;
    this.trueW = trueW;
    this.trueB = trueB;
    this.weights = IntStream.range(0, trueW.size()).mapToObj(i -> Metric.of("weight/" + i)).toList();
  }

  void log(Trainer.EpochEnd epoch, double loss, float[] w, float b) {
    double worst = 0;
    for (int i = 0; i < w.length; i++) {
      run.log(weights.get(i), epoch.step(), w[i]);
      worst = Math.max(worst, Math.abs(w[i] - trueW.get(i)));
    }
    run.log(BIAS, epoch.step(), b);
    run.log(Trainer.EPOCH_LOSS, epoch.step(), loss);
    run.log(Linreg.ERROR_W, epoch.step(), worst);
    run.log(Linreg.ERROR_B, epoch.step(), Math.abs(b - trueB));
    log.info(String.format(Locale.ROOT, "epoch %d, loss %f", epoch.number(), loss));
  }
}
