package io.trainyard.tests.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.rnnlm.RnnLm;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.toolkit.text.Corpora;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The short version of the recurrent models: the course's setting, and on every machine the synthetic text, whose best
 * possible perplexity is known. All settings, over three seeds, are {@code tests/learning/run}.
 */
@Timeout(600)
final class LanguageBandsTest {
  @ParameterizedTest
  @ValueSource(strings = {"rnn_tanh", "lstm"})
  void onTheSyntheticTextItComesWithinFivePercentOfTheBestThatIsPossible(String cell) throws Exception {
    RecordingRun run =
        new RecordingRun(new RnnLm())
            .param("corpus", Corpora.SYNTHETIC)
            .param("cell", cell)
            .param("hidden_size", 64)
            .param("optimizer", "adam")
            .param("learning_rate", 0.01)
            .param("init", "uniform")
            .param("epochs", 4)
            .param("sample_every", 0)
            .seed(1)
            .train();
    double least = Math.exp(Double.parseDouble(run.provenance().get("data.entropy_rate")));
    // What is held out has by chance up to 1 % less than the source in the mean.
    double[] heldout = run.values("heldout/perplexity");
    assertThat(heldout[3]).as(Arrays.toString(heldout)).isBetween(0.98 * least, 1.05 * least);
  }

  @Test
  void onTheFirstCharactersOfTheBookItIsInTheBandOfTheCourse() throws Exception {
    TimeMachine.assumeItIsHere();
    Setting setting =
        Setting.all().stream().filter(it -> it.name().startsWith("rnn-lm")).findFirst().orElseThrow();
    RecordingRun run = setting.train(1);
    for (Figure figure : setting.figures()) {
      assertThat(figure.reached(run)).as(figure.what()).isBetween(figure.low(), figure.high());
    }
  }
}
