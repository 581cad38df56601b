package io.trainyard.tests.integration;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A plugin with all that a run can have beside its points: plain Java state that is saved and restored, exhibits, a file
 * that is kept, bands, a metric of the clock, and a model to ask. Where its data folder has a file {@code drift}, that
 * number is added at each step from 40 on, or from the one in the file {@code from}: what has changed under a replay.
 */
final class Walk {
  static final String FILE = "walk-1.0.jar";
  static final String TASK = "walk";

  private static final String SOURCE =
      """
      package walk;

      import io.trainyard.spi.*;
      import java.io.*;
      import java.nio.file.*;
      import java.util.*;

      public final class Walk implements Task, Predictor {
        static final Param.Int EPOCHS = Param.integer("epochs", 4, "how many epochs").between(1, 1000);
        static final Param.Int STEPS = Param.integer("steps", 50, "steps in an epoch").between(1, 100_000);
        static final Param.Int PAUSE = Param.integer("pause_ms", 0, "pause after each step, in ms").between(0, 1000);
        static final Metric LOSS = Metric.minimize("train/loss");
        static final Metric SCORE = Metric.maximize("test/score");
        static final Metric RATE = Metric.rate("train/steps_per_second");

        private final double[] at = new double[2];

        private final State state = new State() {
          @Override
          public void save(Path file) throws IOException {
            try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
              out.writeDouble(at[0]);
              out.writeDouble(at[1]);
            }
          }

          @Override
          public void restore(Path file) throws IOException {
            try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
              at[0] = in.readDouble();
              at[1] = in.readDouble();
            }
          }
        };

        @Override
        public TaskSpec spec() {
          return TaskSpec.of("walk", "A walk").description("Goes nowhere, in a way that the seed decides.")
              .params(EPOCHS, STEPS, PAUSE).metrics(LOSS, SCORE, RATE).best(SCORE)
              .bands(
                  Band.of(SCORE, 0, 1_000).at(2).source("The walkers").when(STEPS, 50L),
                  Band.of(SCORE, -2, -1).at(1).source("The walkers").when(STEPS, 50L),
                  Band.of(SCORE, 0, 0).when(STEPS, 7L));
        }

        @Override
        public void train(Run run) throws Exception {
          double drift = number(run, "drift", 0);
          double from = number(run, "from", 40);
          run.provenance("data.drift", Double.toString(drift));
          run.resumable(state);
          for (Epoch epoch : run.epochs(Math.toIntExact(run.get(EPOCHS)))) {
            long began = System.nanoTime();
            long last = 0;
            for (Steps block : epoch.steps(Math.toIntExact(run.get(STEPS)), 1)) {
              last = block.first();
              double noise = new Random(run.seed() * 31 + last).nextGaussian();
              at[1] = 0.9 * at[1] + noise + (last >= from ? drift : 0);
              at[0] += at[1];
              run.log(LOSS, last, Math.abs(at[0]));
              if (run.get(PAUSE) > 0) {
                Thread.sleep(run.get(PAUSE));
              }
            }
            if (run.stopping()) {
              return;
            }
            run.log(SCORE, last, Math.abs(at[1]));
            run.log(RATE, last, 1e9 / (System.nanoTime() - began));
            run.show("position", last, new Exhibit.Text("epoch " + epoch.number() + ": " + at[0]));
            run.show("both", last, Exhibit.Histogram.of(new float[] {(float) at[0], (float) at[1]}, 2));
          }
          Path report = Files.createTempFile("walk", ".txt");
          Files.writeString(report, "at " + at[0] + "\\n");
          run.keep("report/summary.txt", report);
          Files.delete(report);
        }

        private static double number(Run run, String name, double otherwise) throws IOException {
          Optional<Path> file = run.dataFolder().map(it -> it.resolve(name)).filter(Files::exists);
          return file.isEmpty() ? otherwise : Double.parseDouble(Files.readString(file.get()).strip());
        }

        @Override
        public Input input() {
          return new Input(2, 2, 1);
        }

        @Override
        public List<Prediction> predict(Run run, List<Exhibit.Picture> pictures) throws IOException {
          run.resumable(state);
          List<Prediction> answers = new ArrayList<>();
          for (Exhibit.Picture picture : pictures) {
            double light = 0;
            for (byte pixel : picture.pixels()) {
              light += (pixel & 0xff) / 255.0 / picture.pixels().length;
            }
            Score bright = new Score("bright", light);
            Score dark = new Score("dark", 1 - light);
            Score where = new Score("at " + at[0], 0);
            answers.add(new Prediction(light >= 0.5 ? List.of(bright, dark, where) : List.of(dark, bright, where)));
          }
          return answers;
        }
      }
      """;

  private Walk() {}

  /** Puts it where a hub of this home finds it. */
  static Path install(Path home) throws IOException {
    return PluginJar.of("walk.Walk", SOURCE).into(home.resolve("plugins"), FILE);
  }

  /** The next version, which walks otherwise; under the same name, so it takes the place of the first. */
  static Path installOther(Path home) throws IOException {
    String other = SOURCE.replace("0.9 * at[1]", "0.8 * at[1]");
    return PluginJar.of("walk.Walk", other).version("2.0").into(home.resolve("plugins"), FILE);
  }
}
