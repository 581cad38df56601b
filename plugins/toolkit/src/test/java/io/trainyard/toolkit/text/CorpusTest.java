package io.trainyard.toolkit.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.InvalidDataException;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.toolkit.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CorpusTest {
  @TempDir Path folder;

  private static RecordingRun run(Map<String, ?> params) {
    return new RecordingRun(new Reader()).params(params);
  }

  private Corpus text(String text, Map<String, ?> params) throws IOException {
    Path file = Files.writeString(folder.resolve("text.txt"), text);
    return Corpus.load(run(params).param("corpus", file.toString()));
  }

  @Test
  void theTimeMachineHasTheCoursesNumbers() throws IOException {
    assumeThat(System.getenv("TRAINYARD_DATA")).as("TRAINYARD_DATA").isNotNull();
    RecordingRun run = run(Map.of("corpus", "time-machine"));
    Corpus chars = Corpus.load(run);
    assertThat(chars.tokens()).hasSize(170_580);
    assertThat(chars.vocab().length()).isEqualTo(28);
    assertThat(chars.vocab().decode(Arrays.copyOf(chars.tokens(), 50)))
        .isEqualTo("the time machine by h g wellsithe time traveller f");
    assertThat(chars.train()).hasSize(153_522);
    assertThat(run.provenance())
        .containsEntry("data.name", "time-machine")
        .containsEntry("data.sha256", "8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516")
        .containsEntry("data.preprocessing", "char, course");
    Corpus words = Corpus.load(run(Map.of("corpus", "time-machine", "unit", "word")));
    assertThat(words.tokens()).hasSize(32_775);
    assertThat(words.vocab().length()).isEqualTo(4580);
    Corpus frequent =
        Corpus.load(run(Map.of("corpus", "time-machine", "unit", "word", "min_freq", 2, "vocab_from", "train")));
    assertThat(frequent.vocab().length()).isEqualTo(2023);
  }

  @Test
  void theSyntheticOneIsTheSameOnEveryMachine() throws IOException {
    for (String unit : List.of("char", "word")) {
      RecordingRun run = run(Map.of("corpus", "synthetic", "unit", unit)).seed(99);
      Corpus corpus = Corpus.load(run);
      assertThat(corpus.tokens()).hasSize(200_000);
      assertThat(run.provenance().get("data.sha256")).startsWith(unit.equals("char") ? "60eee005" : "dde33280");
      assertThat(run.provenance())
          .containsEntry("data.entropy_rate", String.valueOf(corpus.entropyRate().orElseThrow()));
    }
  }
}
