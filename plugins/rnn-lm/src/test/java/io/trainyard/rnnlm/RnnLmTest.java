package io.trainyard.rnnlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.DivergedException;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.InvalidDataException;
import io.trainyard.spi.LanguageModel.Factor;
import io.trainyard.spi.LanguageModel.Prompt;
import io.trainyard.spi.Task;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.testkit.TaskContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
final class RnnLmTest extends TaskContract {
  /** 5 steps an epoch, the last of them a shorter one with random sampling. */
  private static final Map<String, ?> QUICK =
      Map.of(
          "corpus", "synthetic", "max_tokens", 400, "batch_size", 8, "num_steps", 8, "hidden_size", 16, "epochs", 3,
          "sample_every", 1, "sample_length", 5);

  @Override
  protected Task task() {
    return new RnnLm();
  }

  @Override
  protected Map<String, ?> quick() {
    return QUICK;
  }

  @ParameterizedTest
  @CsvSource({
    "rnn_tanh, 1, false, one_hot", "rnn_relu, 2, false, embedding", "gru, 1, false, one_hot", "gru, 2, true, embedding",
    "lstm, 1, false, one_hot", "lstm, 2, true, one_hot", "lstm, 2, false, embedding"
  })
  void theLayerAndTheFormulasLearnTheSame(String cell, int layers, boolean bidirectional, String input)
      throws Exception {
    Map<String, Object> params =
        Map.of(
            "cell", cell, "num_layers", layers, "bidirectional", bidirectional, "input", input, "embedding_size", 6,
            "dropout", layers == 2 ? 0.3 : 0);
    RecordingRun layer = run(params).param("implementation", "concise").train();
    RecordingRun formulas = run(params).param("implementation", "scratch").train();
    for (String series : List.of("train/loss", "grad/norm", "grad/norm/w_hh_l0", "heldout/perplexity")) {
      double[] a = layer.values(series);
      double[] b = formulas.values(series);
      assertThat(a).as(series).hasSameSizeAs(b);
      for (int i = 0; i < a.length; i++) {
        assertThat(a[i]).as(series + " " + i).isEqualTo(b[i], within(2e-4 * Math.max(1, b[i])));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"consecutive, lstm, momentum", "random, gru, adam", "random_offset, rnn_tanh, sgd"})
  void resumedInTheMiddleOfAnEpochItIsAsIfNothingHadBeen(String sampling, String cell, String optimizer)
      throws Exception {
    Map<String, Object> params =
        Map.of("sampling", sampling, "cell", cell, "optimizer", optimizer, "learning_rate", 0.1, "dropout", 0.2);
    RecordingRun whole = run(params).train();
    long middle = whole.epochEnds().get(0) + 2;
    RecordingRun stopped = run(params).stopAfter(middle).train();
    assertThat(stopped.checkpointStep()).isEqualTo(middle);
    RecordingRun rest = run(params).resume(stopped).train();
    assertThat(rest.repeatable())
        .containsExactlyElementsOf(whole.repeatable().stream().filter(it -> it.step() > middle).toList());
  }

  @Test
  void perplexityIsExpOfTheMeanLossOverTokens() throws Exception {
    RecordingRun run = run(Map.of("sampling", "random", "max_tokens", 800, "learning_rate", 1e-9)).train();
    double[] losses = run.values("train/loss");
    int perEpoch = losses.length / 3;
    // 719 / 8 starts: 11 batches of 8 and one of 1, which counts an eighth.
    double sum = 0;
    for (int i = 0; i < perEpoch; i++) {
      sum += losses[i] * (i < perEpoch - 1 ? 8 : 1);
    }
    assertThat(run.values("train/perplexity")[0]).isEqualTo(Math.exp(sum / 89), within(1e-3));
    // Nothing is learned, so each of the tokens is as likely as at first.
    assertThat(run.last("heldout/perplexity")).isEqualTo(run.values("train/perplexity")[0], within(3.0));
  }

  @Test
  void theNormIsLoggedBeforeClippingAndWithWhatShareWasClipped() throws Exception {
    Map<String, Object> rate = Map.of("learning_rate", 1e-3);
    RecordingRun free = run(rate).param("clip", 0).train();
    double[] norms = free.values("grad/norm");
    double threshold = Arrays.stream(norms, 0, 4).sorted().skip(1).limit(2).average().orElseThrow();
    RecordingRun clipped = run(rate).param("clip", threshold).train();
    assertThat(clipped.values("grad/norm")[0]).as("before clipping").isEqualTo(norms[0]);
    double[] all = clipped.values("grad/norm");
    int perEpoch = all.length / 3;
    for (int epoch = 0; epoch < 3; epoch++) {
      long more =
          Arrays.stream(all, epoch * perEpoch, (epoch + 1) * perEpoch).filter(it -> it > (float) threshold).count();
      assertThat(clipped.values("grad/clipped_share")[epoch]).isEqualTo((double) more / perEpoch, within(1e-12));
    }
    Map<String, Double> squares = new TreeMap<>();
    clipped.points().stream()
        .filter(it -> it.series().startsWith("grad/norm/") && it.step() == 1)
        .forEach(it -> squares.put(it.series(), it.value() * it.value()));
    assertThat(squares.keySet())
        .containsExactly(
            "grad/norm/b_hh_l0", "grad/norm/b_ih_l0", "grad/norm/b_q", "grad/norm/w_hh_l0", "grad/norm/w_hq",
            "grad/norm/w_ih_l0");
    assertThat(Math.sqrt(squares.values().stream().mapToDouble(it -> it).sum()))
        .as("over all parameters")
        .isEqualTo(all[0], within(1e-5));
  }

  @Test
  void aStepThatIsClippedGoesAsFarAsTheThresholdAllows() throws Exception {
    // Plain gradient descent with the rate 1 moves the weights by the norm of the gradient that is applied. A threshold
    // of twice the norm changes nothing; half of it is half of a step, as half of the rate is.
    Map<String, Object> once = Map.of("epochs", 1, "sampling", "random", "batch_size", 44, "max_tokens", 400);
    double norm = run(once).param("clip", 0).train().values("grad/norm")[0];
    double whole = run(once).param("clip", 0).train().last("heldout/perplexity");
    assertThat(run(once).param("clip", 2 * norm).train().last("heldout/perplexity")).isEqualTo(whole);
    double half = run(once).param("clip", 0).param("learning_rate", 0.5).train().last("heldout/perplexity");
    assertThat(run(once).param("clip", norm / 2).train().last("heldout/perplexity")).isEqualTo(half, within(1e-4));
  }

  @Test
  void withoutClippingItDivergesAtAStepWhoseValuesAreAllThere() {
    RecordingRun run = run(Map.of("clip", 0, "learning_rate", 1e6, "cell", "rnn_relu", "init", "uniform", "epochs", 50));
    assertThatThrownBy(run::train)
        .isInstanceOf(DivergedException.class)
        .satisfies(
            it -> {
              int step = (int) ((DivergedException) it).step();
              assertThat(run.values("train/loss")).hasSize(step);
              assertThat(run.values("train/loss")[step - 1]).isNotFinite();
              assertThat(run.values("grad/norm")).hasSize(step);
              assertThat(run.values("grad/norm")[step - 1]).isNotFinite();
              assertThat(Arrays.stream(run.values("train/loss")).limit(step - 1).allMatch(Double::isFinite)).isTrue();
            });
  }

  @Test
  void itEndsWhenTheHeldOutTextHasNotBecomeBetterForLong() throws Exception {
    Map<String, Object> params = Map.of("learning_rate", 1e-30, "epochs", 50, "patience", 3);
    RecordingRun run = run(params).train();
    assertThat(run.values("heldout/perplexity")).as("one, and three that are no better").hasSize(4);
    RecordingRun stopped = run(params).stopAfter(run.epochEnds().get(1)).train();
    assertThat(run(params).resume(stopped).train().values("heldout/perplexity")).hasSize(2);
  }

  @Test
  void samplesAreShownByStepAndTheSameForTheSameSeed() throws Exception {
    Map<String, Object> params =
        Map.of("prefixes", List.of("ba", "na"), "sample_every", 2, "epochs", 5, "temperature", 1, "sample_length", 7);
    RecordingRun run = run(params).train();
    assertThat(run.exhibits().stream().map(it -> it.name() + " " + it.step()))
        .containsExactly("sample/1 10", "sample/2 10", "sample/1 20", "sample/2 20");
    String text = ((Exhibit.Text) run.exhibit("sample/2")).text();
    assertThat(text).startsWith("na");
    assertThat(run(params).train().exhibits()).isEqualTo(run.exhibits());
  }

  @Test
  void onTheMadeUpLanguageItComesWithinFivePercentOfTheBound() throws Exception {
    RecordingRun run =
        new RecordingRun(new RnnLm())
            .params(
                Map.of(
                    "corpus", "synthetic", "max_tokens", 100_000, "cell", "gru", "hidden_size", 64, "num_steps", 20,
                    "init", "uniform", "optimizer", "adam", "learning_rate", 0.01, "epochs", 4, "sample_every", 0))
            .train();
    double bound = run.last("source/perplexity");
    assertThat(bound).isEqualTo(2.701, within(1e-3));
    // The held-out 10,000 tokens are, by chance, up to 2 % easier or harder than all that the source can say.
    assertThat(run.last("heldout/perplexity")).isBetween(0.97 * bound, 1.05 * bound);
  }

  @Test
  void aTrainedModelGoesOnAsTheSamplesDidAndNeedsNoText() throws Exception {
    Map<String, Object> params = Map.of("prefixes", List.of("ba"), "sample_length", 12, "temperature", 0);
    RecordingRun trained = run(params).train();
    String sample = ((Exhibit.Text) trained.exhibit("sample/1")).text();
    RecordingRun asked = run(params);
    assertThat("ba" + asked.generate(trained, new Prompt("ba", 12, 0, 1))).isEqualTo(sample);
    assertThat(asked.provenance()).as("no data was read").isEmpty();
    List<Factor> factors = run(params).score(trained, "bab");
    assertThat(factors.stream().map(Factor::token)).containsExactly("b", "a", "b");
    assertThat(factors.get(2).given()).containsExactly("b", "a");
  }

  @Test
  void aModelOfWordsGoesOnBehindASpace() throws Exception {
    Map<String, Object> params = Map.of("unit", "word", "max_tokens", 1500);
    RecordingRun trained = run(params).train();
    assertThat(run(params).generate(trained, new Prompt("", 3, 0, 1))).matches(" [a-z<>]+ [a-z<>]+ [a-z<>]+");
    assertThat(run(params).generate(trained, new Prompt("ba", 3, 1, 1)))
        .isEqualTo(run(params).generate(trained, new Prompt("ba", 3, 1, 1)));
  }

  @Test
  void aModelThatSeesWhatFollowsCannotBeAsked() throws Exception {
    Map<String, Object> params = Map.of("bidirectional", true);
    RecordingRun trained = run(params).train();
    assertThat(trained.exhibits()).isEmpty();
    assertThatThrownBy(() -> run(params).generate(trained, new Prompt("ba", 3, 0, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("this model is bidirectional");
    assertThatThrownBy(() -> run(params).score(trained, "ba")).hasMessageContaining("this model is bidirectional");
  }

  @ParameterizedTest
  @CsvSource({"npz", "json"})
  void weightsThatOneRunKeepsAreWhereAnotherBegins(String format, @TempDir Path folder) throws Exception {
    RecordingRun first = run(Map.of("export_weights", format)).train();
    assertThat(first.kept()).containsOnlyKeys("vocab.json", "weights." + format);
    Path file = Files.write(folder.resolve("content"), first.kept().get("weights." + format));
    ArtifactRef input = new ArtifactRef("0123456789abcdef0123456789abcdef", "weights." + format);
    // With a rate of nearly 0, it stays where it begins.
    RecordingRun second =
        run(Map.of("learning_rate", 1e-30)).artifact("initial_weights", input, file).train();
    assertThat(second.last("heldout/perplexity")).isEqualTo(first.last("heldout/perplexity"));

    assertThatThrownBy(() -> run(Map.of("cell", "gru")).artifact("initial_weights", input, file).train())
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("initial_weights 0123456789abcdef0123456789abcdef/weights." + format + ": ")
        .hasMessageContaining("rnn.weight_hh_l0 is <f4[16, 16] in it, but <f4[48, 16] here");
  }

  @Test
  void theVocabularyOfAnotherRunIsTaken(@TempDir Path folder) throws Exception {
    RecordingRun first = run(Map.of("vocab_order", "frequency")).train();
    Path file = Files.write(folder.resolve("content"), first.kept().get("vocab.json"));
    ArtifactRef input = new ArtifactRef("0123456789abcdef0123456789abcdef", "vocab.json");
    RecordingRun second = run(Map.of()).artifact("vocab", input, file).train();
    assertThat(second.kept().get("vocab.json")).isEqualTo(first.kept().get("vocab.json"));
    assertThat(second.values("train/loss")).isEqualTo(first.values("train/loss"));
  }

  @Test
  void aTextThatIsTooShortIsRefusedBeforeTheFirstStepWithTheNumbers() {
    assertThatThrownBy(() -> run(Map.of("max_tokens", 60)).train())
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("the text to train on has 54 tokens, but a batch of batch_size 8 and num_steps 8")
        .hasMessageContaining("takes at least 72");
  }

  @Test
  void withoutAHeldOutPartThereIsNoPerplexityOfOne() throws Exception {
    RecordingRun run = run(Map.of("split", 1)).train();
    assertThat(run.values("heldout/perplexity")).isEmpty();
    assertThat(run.values("train/perplexity")).hasSize(3);
  }

  private static RecordingRun run(Map<String, ?> params) {
    return new RecordingRun(new RnnLm()).params(QUICK).params(params).seed(7);
  }
}
