package io.trainyard.textpreprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.InvalidDataException;
import io.trainyard.spi.Task;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.testkit.TaskContract;
import io.trainyard.toolkit.text.Vocab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextPreprocessingTest extends TaskContract {
  @TempDir Path folder;

  @Override
  protected Task task() {
    return new TextPreprocessing();
  }

  @Override
  protected Map<String, ?> quick() {
    return Map.of("corpus", "synthetic", "unit", "word");
  }

  private RecordingRun text(String text, Map<String, ?> params) throws IOException {
    Path file = Files.writeString(folder.resolve("text.txt"), text);
    return new RecordingRun(new TextPreprocessing()).param("corpus", file.toString()).params(params);
  }

  private static List<List<String>> rows(RecordingRun run, String table) {
    return ((Exhibit.Table) run.exhibit(table)).rows();
  }

  @Test
  void whatIsMostFrequentIsCountedOneByTwoByThree() throws Exception {
    RecordingRun run = text("a b a b a b c a\n", Map.of("unit", "word", "top", 2)).train();
    assertThat(rows(run, "top/unigrams"))
        .containsExactly(List.of("1", "a", "4", "50.000 %"), List.of("2", "b", "3", "37.500 %"));
    assertThat(rows(run, "top/bigrams"))
        .containsExactly(List.of("1", "a b", "3", "42.857 %"), List.of("2", "b a", "2", "28.571 %"));
    assertThat(rows(run, "top/trigrams").get(0)).containsExactly("1", "a b a", "2", "33.333 %");
    assertThat(run.last("text/tokens")).isEqualTo(8);
    assertThat(run.last("text/distinct")).isEqualTo(3);
  }

  @Test
  void theVocabularyIsKeptAndTheNextRunTakesIt() throws Exception {
    RecordingRun first = text("to be or not to be", Map.of("unit", "word", "min_freq", 2)).train();
    assertThat(first.last("vocab/length")).isEqualTo(3);
    assertThat(first.last("vocab/unknown_rate")).isEqualTo(2 / 6.0, within(1e-12));
    assertThat(first.last("vocab/coverage")).isEqualTo(4 / 6.0, within(1e-12));
    Path kept = Files.write(folder.resolve("vocab.json"), first.kept().get("vocab.json"));
    assertThat(Vocab.load(kept).encode("be to go")).containsExactly(2, 1, 0);

    ArtifactRef input = ArtifactRef.parse("00000000000000000000000000000001/vocab.json");
    RecordingRun second = text("be good", Map.of("unit", "word")).artifact("vocab", input, kept).train();
    assertThat(second.last("vocab/length")).isEqualTo(3);
    assertThat(second.last("vocab/unknown_rate")).isEqualTo(0.5);
    assertThat(second.kept().get("vocab.json")).isEqualTo(first.kept().get("vocab.json"));
    assertThat(((Exhibit.Text) second.exhibit("sample")).text())
        .isEqualTo("The first tokens:\nbe good\n\nTheir indices:\n2 0\n\nAnd back:\nbe <unk>");

    assertThatThrownBy(text("be good", Map.of("unit", "char")).artifact("vocab", input, kept)::train)
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("has tokens of word, none, but this run makes them of char, none")
        .hasMessageContaining("--unit word --normalize none");
  }

  @Test
  void coverageIsOfTheTextAtEachLeastFrequency() throws Exception {
    RecordingRun run = text("a a a b b c", Map.of("unit", "word")).train();
    assertThat(rows(run, "coverage/table").subList(0, 4))
        .containsExactly(
            List.of("1", "3", "100.000 %", "0.000 %"),
            List.of("2", "2", "83.333 %", "16.667 %"),
            List.of("3", "1", "50.000 %", "50.000 %"),
            List.of("4", "0", "0.000 %", "100.000 %"));
    Exhibit.Curves curves = (Exhibit.Curves) run.exhibit("coverage");
    assertThat(curves.curves().get(0).y()[1]).isEqualTo(5 / 6.0, within(1e-12));
  }

  @Test
  void theSlopeOfATextThatFollowsZipfsLawIsMinusOne() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int rank = 1; rank <= 200; rank++) {
      text.append(("w" + rank + " ").repeat((int) Math.round(5000.0 / rank)));
    }
    RecordingRun run = text(text.toString(), Map.of("unit", "word")).train();
    assertThat(run.last("zipf/slope")).isEqualTo(-1, within(0.005));
    Exhibit.Curves curves = (Exhibit.Curves) run.exhibit("zipf");
    assertThat(curves.logX() && curves.logY()).isTrue();
    assertThat(curves.curves().get(0).y()[0]).isEqualTo(5000);
    assertThat(curves.curves().get(1).name()).matches("least squares over the ranks 1 to 200: slope -1.00[0-9]");
  }

  @Test
  void whereMemoryIsTooSmallEveryNumberSaysWhatItIs() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append(i % 2 == 0 ? "the " : "w" + i % 3000 + " ");
    }
    RecordingRun run = text(text.toString(), Map.of("unit", "word", "most_distinct", 200)).train();
    assertThat(rows(run, "facts")).contains(List.of("distinct tokens", "more than 200"));
    assertThat(run.last("vocab/length")).isEqualTo(201);
    // "the", and the first 199 of 1,500 others, which come seven times each.
    assertThat(run.last("vocab/unknown_rate")).isEqualTo(0.5 - 199 * 7 / 20_000.0, within(1e-12));
    RecordingRun pairs = text(text.toString(), Map.of("unit", "word", "most_distinct", 2000)).train();
    assertThat(rows(pairs, "facts")).contains(List.of("distinct tokens", "1,501"));
    assertThat(rows(pairs, "top/bigrams").get(0).get(2)).matches("[0-9,]+ to [0-9,]+");
  }

  @Test
  void chineseIsCountedByCodePointsAndByCharactersAsWords() throws Exception {
    RecordingRun run = text("时间机器，时间旅行者。\uD83D\uDE80", Map.of("unit", "word")).train();
    assertThat(run.last("text/tokens")).isEqualTo(11);
    assertThat(rows(run, "top/bigrams").get(0)).contains("时 间", "2");
    assertThat(((Exhibit.Text) run.exhibit("sample")).text()).contains("And back:\n时间机器 ， 时间旅行者 。\uD83D\uDE80");
    assertThat(text("时间\uD83D\uDE80", Map.of()).train().last("text/tokens")).isEqualTo(3);
  }

  @Test
  void aTextWithoutATokenIsRefused() throws Exception {
    assertThatThrownBy(text("时间机器", Map.of("normalize", "course"))::train)
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining(
            "text.txt has no token: nothing of its 12 bytes is left by the preprocessing (char, course)");
  }

  @Test
  void theSourcesEntropyIsShownWhereItIsKnown() throws Exception {
    RecordingRun run = new RecordingRun(task()).params(quick()).train();
    assertThat(rows(run, "facts")).contains(List.of("the least possible perplexity", "5.686, or 1.7380 nats a token"));
    assertThat(run.provenance()).containsEntry("data.name", "synthetic");
  }
}
