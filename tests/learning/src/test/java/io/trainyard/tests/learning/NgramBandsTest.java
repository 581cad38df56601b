package io.trainyard.tests.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.testkit.RecordingRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The perplexities of n-grams on The Time Machine, all orders of all settings: seconds. */
@Timeout(120)
final class NgramBandsTest {
  @Test
  void allOrdersAreInTheBandsAndBelowTheUnigram() throws Exception {
    TimeMachine.assumeItIsHere();
    List<Setting> settings = Setting.all().stream().filter(it -> it.name().startsWith("ngram-lm")).toList();
    assertThat(settings).hasSize(3);
    for (Setting setting : settings) {
      RecordingRun run = setting.train(1);
      for (Figure figure : setting.figures()) {
        assertThat(figure.reached(run))
            .as(setting.name() + ": " + figure.what())
            .isBetween(figure.low(), figure.high());
      }
      double[] perplexity = run.values("heldout/perplexity");
      for (int n = 2; n <= perplexity.length; n++) {
        assertThat(perplexity[n - 1]).isLessThan(perplexity[0]);
      }
    }
  }
}
