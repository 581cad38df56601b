package io.trainyard.toolkit.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.toolkit.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class MarkovSourceTest {
  @ParameterizedTest
  @CsvSource({"CHAR, 2, 0.99358, 10", "WORD, 1, 1.73799, 40"})
  void theEntropyThatIsCountedInItsTextIsTheOneThatIsComputed(
      Unit unit, int order, double rate, double perplexityOfUnigrams) {
    MarkovSource source = MarkovSource.of(unit);
    List<String> tokens = tokens(source, unit);
    assertThat(source.entropyRate()).isEqualTo(rate, within(1e-5));
    assertThat(entropy(tokens, order + 1) - entropy(tokens, order)).isEqualTo(rate, within(0.006));
    // To learn it means something: who does not look back is far away.
    assertThat(Math.exp(entropy(tokens, 1))).isGreaterThan(perplexityOfUnigrams).isGreaterThan(4 * source.perplexity());
  }

  @ParameterizedTest
  @EnumSource(Unit.class)
  void theStationaryDistributionIsOne(Unit unit) {
    double[] stationary = MarkovSource.of(unit).stationary();
    assertThat(Arrays.stream(stationary).sum()).isEqualTo(1, within(1e-12));
    assertThat(Arrays.stream(stationary).min().orElseThrow()).as("each state can be reached").isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "CHAR, 60eee0052cf0b7c6b03c3b70fe2de12aef427acf45eca6d228e0ed9d02762937, zaracimowutilufuti futi",
    "WORD, dde33280a50635ca89c15e536640fb5da6ec088abb261377c62f51db299c52a7, susuke qa fulone co meduka"
  })
  void theTextIsTheSameOnEveryMachine(Unit unit, String sha256, String beginning) {
    byte[] text = MarkovSource.of(unit).text();
    assertThat(new String(text, StandardCharsets.US_ASCII)).startsWith(beginning);
    assertThat(Fingerprint.of(text)).isEqualTo(sha256);
  }

  private static List<String> tokens(MarkovSource source, Unit unit) {
    return new Preprocessing(unit, Normalize.NONE).tokens(new String(source.text(), StandardCharsets.US_ASCII));
  }

  /** Of n tokens in a row, in nats. */
  private static double entropy(List<String> tokens, int n) {
    Map<List<String>, Integer> counts = new HashMap<>();
    int total = tokens.size() - n + 1;
    for (int i = 0; i < total; i++) {
      counts.merge(tokens.subList(i, i + n), 1, Integer::sum);
    }
    return counts.values().stream().mapToDouble(it -> -(double) it / total * Math.log((double) it / total)).sum();
  }
}
