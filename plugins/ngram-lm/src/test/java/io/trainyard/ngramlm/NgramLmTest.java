package io.trainyard.ngramlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.spi.Exhibit;
import io.trainyard.spi.LanguageModel;
import io.trainyard.spi.LanguageModel.Factor;
import io.trainyard.spi.LanguageModel.Prompt;
import io.trainyard.spi.Task;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.testkit.TaskContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NgramLmTest extends TaskContract {
  @TempDir Path folder;

  @Override
  protected Task task() {
    return new NgramLm();
  }

  @Override
  protected Map<String, ?> quick() {
    return Map.of("corpus", "synthetic", "max_tokens", 20_000, "order", 4);
  }

  private static RecordingRun run(Map<String, ?> params) {
    return new RecordingRun(new NgramLm()).param("corpus", "synthetic").params(params);
  }

  private RecordingRun text(String text, Map<String, ?> params) throws IOException {
    return run(params).param("corpus", Files.writeString(folder.resolve("text.txt"), text).toString());
  }

  /** The order of the source and one: to look back further is of no use. */
  @ParameterizedTest
  @CsvSource({"char, 3, 15", "word, 2, 40"})
  void itComesWithinFivePercentOfTheSourcesBound(String unit, int order, double unigram) throws Exception {
    RecordingRun run = run(Map.of("unit", unit, "order", 3)).train();
    double bound = run.last("source/perplexity");
    double[] heldout = run.values("heldout/perplexity");
    assertThat(heldout[order - 1]).isBetween(0.98 * bound, 1.05 * bound);
    assertThat(heldout[0]).isGreaterThan(unigram).isLessThan(run.last("train/distinct"));
    for (int n = 2; n <= 3; n++) {
      assertThat(heldout[n - 1]).as("order %d, against unigrams", n).isLessThan(heldout[0]);
    }
  }

  @Test
  void anInfinitePerplexityIsRecordedAsSuch() throws Exception {
    RecordingRun run = text("abcabcabcabcabcabcxyz", Map.of("smoothing", "mle", "order", 2)).train();
    assertThat(run.values("heldout/perplexity")).containsOnly(Double.POSITIVE_INFINITY);
    assertThat(run.values("train/perplexity")[1]).isFinite();
    assertThat(run.values("heldout/unseen")).containsExactly(1, 1);
    Exhibit.Table orders = (Exhibit.Table) run.exhibit("orders");
    assertThat(orders.rows().get(0)).containsExactly("1", "4", "1", "3.480", "infinite", "100.00 %");
  }

  @Test
  void withNothingHeldOutItSaysSo() throws Exception {
    RecordingRun run = text("abcabcabcabc", Map.of("split", 1, "order", 1)).train();
    assertThat(run.values("heldout/perplexity")).isEmpty();
    assertThat(((Exhibit.Table) run.exhibit("orders")).rows().get(0)).contains("nothing is held out");
  }

  @Test
  void eachOrderShowsWhatItGoesOnWith() throws Exception {
    RecordingRun run =
        run(Map.of("order", 3, "prefixes", List.of("za", "ti "), "sample_length", 10, "max_tokens", 5000)).train();
    List<RecordingRun.Shown> samples = run.exhibits().stream().filter(it -> it.name().equals("samples")).toList();
    assertThat(samples.stream().map(RecordingRun.Shown::step)).containsExactly(1L, 2L, 3L);
    assertThat(((Exhibit.Text) samples.get(2).exhibit()).text()).matches("za[a-z ]{10}\n\nti [a-z ]{10}");
  }

  @Test
  void aTrainedOneIsAskedWithoutItsText() throws Exception {
    RecordingRun trained = text("the cat sat on the mat and the cat ran. ".repeat(20), Map.of("unit", "word")).train();
    Files.delete(folder.resolve("text.txt"));
    LanguageModel model = new NgramLm();
    assertThat(model.generate(asked(trained), new Prompt("and the", 3, 0, 1))).isEqualTo(" cat ran. the");
    assertThat(model.generate(asked(trained), new Prompt("", 2, 0, 1))).isEqualTo("the cat");
    Prompt warm = new Prompt("the", 20, 1, 7);
    assertThat(model.generate(asked(trained), warm)).isEqualTo(model.generate(asked(trained), warm));

    List<Factor> factors = model.score(asked(trained), "the dog sat");
    assertThat(factors.stream().map(Factor::token)).containsExactly("the", "<unk>", "sat");
    assertThat(factors.get(2).given()).containsExactly("the", "<unk>");
    assertThat(factors.get(0).probability()).isEqualTo(0.3, within(0.01));
    assertThatThrownBy(() -> model.score(asked(trained), "  "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the text has no token: nothing of it is left by the preprocessing (word, none)");
  }

  @Test
  void maximumLikelihoodGoesOnFromAHistoryThatNeverWas() throws Exception {
    RecordingRun trained = text("abcabcabcabcabc", Map.of("smoothing", "mle", "order", 3)).train();
    RecordingRun asked = asked(trained).param("smoothing", "mle").param("order", 3);
    assertThat(new NgramLm().generate(asked, new Prompt("zzb", 5, 0, 1))).isEqualTo("cabca");
  }

  @Test
  void aRunThatHasNotTrainedCannotBeAsked() {
    assertThatThrownBy(() -> new NgramLm().score(run(Map.of()), "a")).hasMessageContaining("has no checkpoint");
  }

  private static RecordingRun asked(RecordingRun trained) {
    return new RecordingRun(new NgramLm()).param("corpus", "nowhere").resume(trained);
  }
}
