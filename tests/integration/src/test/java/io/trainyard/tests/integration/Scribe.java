package io.trainyard.tests.integration;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A plugin whose model is a set of words, all of them equally likely: it goes on with texts, scores them, keeps its words
 * as {@code words.txt}, and can take those of another run.
 */
final class Scribe {
  static final String FILE = "scribe-1.0.jar";
  static final String TASK = "scribe";

  private static final String SOURCE =
      """
      package scribe;

      import io.trainyard.spi.*;
      import java.io.*;
      import java.nio.file.*;
      import java.util.*;

      public final class Scribe implements Task, LanguageModel {
        static final Param.Text WORDS = Param.text("words", "the time machine", "separated by spaces");
        static final Param.Maybe<ArtifactRef> FROM =
            Param.optional(Param.artifact("from", "words that another run has kept, instead"));
        static final Param.Int STEPS = Param.integer("steps", 3, "how many").between(1, 100_000);
        static final Param.Int PAUSE = Param.integer("pause_ms", 0, "pause after each step, in ms").between(0, 1000);
        static final Metric LOSS = Metric.minimize("train/loss");

        private String words = "";

        private final State state = new State() {
          @Override
          public void save(Path file) throws IOException {
            Files.writeString(file, words);
          }

          @Override
          public void restore(Path file) throws IOException {
            words = Files.readString(file);
          }
        };

        @Override
        public TaskSpec spec() {
          return TaskSpec.of("scribe", "A scribe").params(WORDS, FROM, STEPS, PAUSE).metrics(LOSS);
        }

        private void read(Run run) throws IOException {
          Optional<ArtifactRef> from = run.get(FROM);
          words = from.isPresent() ? Files.readString(run.artifact(from.get())).strip() : run.get(WORDS);
        }

        @Override
        public void train(Run run) throws Exception {
          read(run);
          run.resumable(state);
          for (Epoch epoch : run.epochs(1)) {
            for (Steps block : epoch.steps(Math.toIntExact(run.get(STEPS)), 1)) {
              run.log(LOSS, block.first(), 1.0 / block.first());
              Thread.sleep(run.get(PAUSE));
            }
          }
          Path file = Files.createTempFile("scribe", ".txt");
          Files.writeString(file, words);
          run.keep("words.txt", file);
          Files.delete(file);
        }

        @Override
        public String generate(Run run, Prompt prompt) throws IOException {
          read(run);
          run.resumable(state);
          if (prompt.prefix().isEmpty()) {
            throw new IllegalArgumentException("it must have at least one word");
          }
          String[] all = words.split(" ");
          StringBuilder text = new StringBuilder();
          for (int i = 0; i < prompt.length(); i++) {
            text.append(' ').append(all[(int) Math.floorMod(prompt.seed() + i, all.length)]);
          }
          return text.toString();
        }

        @Override
        public List<Factor> score(Run run, String text) throws IOException {
          run.resumable(state);
          List<String> all = Arrays.asList(words.split(" "));
          List<String> tokens = List.of(text.split("\\\\s+"));
          List<Factor> factors = new ArrayList<>();
          for (int i = 0; i < tokens.size(); i++) {
            double probability = all.contains(tokens.get(i)) ? 1.0 / all.size() : 0;
            factors.add(new Factor(tokens.get(i), tokens.subList(0, i), probability));
          }
          return factors;
        }
      }
      """;

  private Scribe() {}

  /** Puts it where a hub of this home finds it. */
  static Path install(Path home) throws IOException {
    return PluginJar.of("scribe.Scribe", SOURCE).into(home.resolve("plugins"), FILE);
  }
}
