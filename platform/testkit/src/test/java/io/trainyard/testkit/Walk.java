package io.trainyard.testkit;

import io.trainyard.spi.Epoch;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Predictor;
import io.trainyard.spi.Run;
import io.trainyard.spi.State;
import io.trainyard.spi.Steps;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A random walk: a task that can be resumed and asked, and that makes one mistake if it is told to. */
public final class Walk implements Task, Predictor {
  static final Param.Int EPOCHS = Param.integer("epochs", 4, "passes").atLeast(1);
  static final Metric AT = Metric.minimize("train/at");
  static final Metric MEAN = Metric.minimize("epoch/mean");
  static final Metric SPEED = Metric.rate("steps/s");

  enum Mistake {
    NONE,
    FORGETS_THE_SUM,
    RANDOM_IS_NOT_DERIVED,
    EVALUATES_HALF_AN_EPOCH,
    STARTS_AGAIN,
    ASKS_IN_ITS_EVALUATION,
    ANSWERS_UNTRAINED
  }

  private final Mistake mistake;
  private final Random mine = new Random(1);
  private double at;
  private double sum;

  public Walk() {
    this(Mistake.NONE);
  }

  Walk(Mistake mistake) {
    this.mistake = mistake;
  }

  @Override
  public TaskSpec spec() {
    return TaskSpec.of("walk", "A walk").description("Goes here and there.").params(EPOCHS).metrics(AT, MEAN, SPEED);
  }

  @Override
  public void train(Run run) throws IOException {
    if (mistake != Mistake.STARTS_AGAIN) {
      run.resumable(new Place());
    }
    long step = 0;
    for (Epoch epoch : run.epochs(run.get(EPOCHS).intValue())) {
      if (epoch.done() == 0) {
        sum = 0;
      }
      for (Steps steps : epoch.steps(10, 4)) {
        for (step = steps.first(); step <= steps.last(); step++) {
          Random derived = new Random(run.seed() * 31 + step);
          at += (mistake == Mistake.RANDOM_IS_NOT_DERIVED ? mine : derived).nextGaussian();
          sum += at;
          run.log(AT, step, at);
        }
      }
      boolean stop = mistake == Mistake.ASKS_IN_ITS_EVALUATION && run.stopping();
      if (!stop && (step - 1 == 10L * epoch.number() || mistake == Mistake.EVALUATES_HALF_AN_EPOCH)) {
        run.log(MEAN, step - 1, sum / 10);
        run.log(SPEED, step - 1, System.nanoTime());
      }
    }
  }

  @Override
  public Input input() {
    return new Input(2, 2, 1);
  }

  @Override
  public List<Prediction> predict(Run run, List<Exhibit.Picture> pictures) throws IOException {
    if (mistake != Mistake.ANSWERS_UNTRAINED) {
      run.resumable(new Place());
    }
    double low = 0.5 / (1 + Math.abs(at));
    return pictures.stream()
        .map(it -> new Prediction(List.of(new Score("high", 1 - low), new Score("low", low))))
        .toList();
  }

  private final class Place implements State {
    @Override
    public void save(Path file) throws IOException {
      Files.writeString(file, at + " " + (mistake == Mistake.FORGETS_THE_SUM ? 0 : sum));
    }

    @Override
    public void restore(Path file) throws IOException {
      String[] saved = Files.readString(file).split(" ");
      at = Double.parseDouble(saved[0]);
      sum = Double.parseDouble(saved[1]);
    }
  }
}
