package io.trainyard.toolkit.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.toolkit.text.Vocab.Frequency;
import io.trainyard.toolkit.text.Vocab.Order;
import io.trainyard.toolkit.text.Vocab.Rules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VocabTest {
  private static final List<String> TEXT = List.of("to", "be", "or", "not", "to", "be", "to", "go");

  @TempDir Path folder;

  private static Vocab vocab(int minFreq, boolean special, Order order) {
    return Vocab.of(TEXT, new Rules(minFreq, special, order));
  }

  private static List<String> all(Vocab vocab) {
    return IntStream.range(0, vocab.length()).mapToObj(vocab::token).toList();
  }

  @Test
  void withoutSpecialTokensUnknownIsZeroAndTheOthersComeAsTheyOccur() {
    Vocab vocab = vocab(1, false, Order.FIRST);
    assertThat(all(vocab)).containsExactly("<unk>", "to", "be", "or", "not", "go");
    assertThat(vocab.length()).isEqualTo(6);
    assertThat(vocab.unk()).isZero();
    assertThat(vocab(0, false, Order.FIRST).length()).isEqualTo(6);
  }

  @Test
  void withSpecialTokensTheyAreTheFirstFour() {
    Vocab vocab = vocab(1, true, Order.FIRST);
    assertThat(all(vocab)).containsExactly("<pad>", "<bos>", "<eos>", "<unk>", "to", "be", "or", "not", "go");
    assertThat(List.of(vocab.index("<pad>"), vocab.index("<bos>"), vocab.index("<eos>"), vocab.index("<unk>")))
        .containsExactly(0, 1, 2, 3);
    assertThat(vocab.index("never")).isEqualTo(3);
  }

  @Test
  void aTokenIsKeptWhenItComesAtLeastSoOften() {
    assertThat(all(vocab(2, false, Order.FIRST))).containsExactly("<unk>", "to", "be");
    assertThat(all(vocab(3, false, Order.FIRST))).containsExactly("<unk>", "to");
    assertThat(all(vocab(4, true, Order.FIRST))).containsExactly("<pad>", "<bos>", "<eos>", "<unk>");
    assertThatThrownBy(() -> vocab(-1, false, Order.FIRST)).hasMessage("min_freq must be 0 or more, but is -1");
  }

  @Test
  void byFrequencyTheOneThatComesFirstWinsATie() {
    List<String> text = List.of("b", "a", "c", "c", "a", "b", "d", "e", "e", "e");
    Vocab vocab = Vocab.of(text, new Rules(1, false, Order.FREQUENCY));
    assertThat(all(vocab)).containsExactly("<unk>", "e", "b", "a", "c", "d");
  }

  @Test
  void listsOfListsKeepTheirShape() {
    Vocab vocab = vocab(1, false, Order.FIRST);
    List<Object> nested = List.of("to", List.of("be", List.of("what", "go"), List.of()), "or");
    List<Object> indices = List.of(1, List.of(2, List.of(0, 5), List.of()), 3);
    assertThat(vocab.indices(nested)).isEqualTo(indices);
    assertThat(vocab.tokens(indices)).isEqualTo(List.of("to", List.of("be", List.of("<unk>", "go"), List.of()), "or"));
    assertThatThrownBy(() -> vocab.indices(List.of(List.of(7))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a token is a String, not 7 (Integer)");
    assertThatThrownBy(() -> vocab.tokens(Arrays.asList(1, null))).hasMessage("an index is an Integer, not null");
  }

  @Test
  void anIndexThatThereIsNotSaysWhichThereAre() {
    Vocab vocab = vocab(1, false, Order.FIRST);
    for (int wrong : new int[] {-1, 6}) {
      assertThatThrownBy(() -> vocab.token(wrong))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("index " + wrong + " is not in the vocabulary, which has 6 tokens: 0 to 5");
    }
  }

  @Test
  void frequenciesAreOfAllTokensDroppedOnesIncluded() {
    Vocab vocab = vocab(2, false, Order.FIRST);
    assertThat(vocab.frequencies())
        .containsExactly(
            new Frequency("to", 3), new Frequency("be", 2), new Frequency("or", 1), new Frequency("not", 1),
            new Frequency("go", 1));
    assertThat(vocab.frequency("not")).isEqualTo(1);
    assertThat(vocab.frequency("never")).isZero();
    assertThat(vocab.contains("not")).isFalse();
    assertThat(vocab.contains("be")).isTrue();
  }

  @Test
  void aSpecialTokenThatComesInTheTextHasOneIndex() {
    List<String> text = List.of("the", "<unk>", "of", "<unk>", "<pad>");
    Vocab plain = Vocab.of(text, Rules.DEFAULT);
    assertThat(all(plain)).containsExactly("<unk>", "the", "of", "<pad>");
    assertThat(plain.index("<unk>")).isZero();
    assertThat(plain.frequency("<unk>")).isEqualTo(2);
    Vocab special = Vocab.of(text, new Rules(1, true, Order.FREQUENCY));
    assertThat(all(special)).containsExactly("<pad>", "<bos>", "<eos>", "<unk>", "the", "of");
    assertThat(special.index("<pad>")).isZero();
  }

  @Test
  void aTextGoesIntoIndicesAndBack() {
    Vocab words = Vocab.of(new Preprocessing(Unit.WORD, Normalize.COURSE), TEXT, Rules.DEFAULT);
    assertThat(words.encode("To be, or... what?")).containsExactly(1, 2, 3, 0);
    assertThat(words.decode(1, 2, 3, 0)).isEqualTo("to be or <unk>");
    Preprocessing chars = new Preprocessing(Unit.CHAR, Normalize.NONE);
    Vocab chinese = Vocab.of(chars, chars.tokens("时间机器 \uD83D\uDE80时间"), Rules.DEFAULT);
    assertThat(chinese.length()).isEqualTo(7);
    assertThat(chinese.decode(chinese.encode("机\uD83D\uDE80器"))).isEqualTo("机\uD83D\uDE80器");
  }

  @Test
  void whatIsSavedIsReadAsItWas() throws IOException {
    List<String> text = List.of("a", "\"quoted\"", "\uD83D\uDE80", "a", "<unk>", "时", "\n", "\u0000");
    for (boolean special : new boolean[] {false, true}) {
      for (Order order : Order.values()) {
        for (int minFreq = 0; minFreq < 4; minFreq++) {
          Vocab vocab =
              Vocab.of(
                  new Preprocessing(Unit.CHAR, Normalize.LOWER), text, new Rules(minFreq, special, order));
          Path file = folder.resolve("vocab.json");
          vocab.save(file);
          Vocab loaded = Vocab.load(file);
          assertThat(all(loaded)).isEqualTo(all(vocab));
          assertThat(loaded.frequencies()).isEqualTo(vocab.frequencies());
          assertThat(loaded.rules()).isEqualTo(vocab.rules());
          assertThat(loaded.preprocessing()).isEqualTo(vocab.preprocessing());
          assertThat(loaded.toJson()).isEqualTo(vocab.toJson());
        }
      }
    }
  }

  @Test
  void aFileThatIsNoneSaysWhatIsWrong() throws IOException {
    String json = new String(vocab(1, false, Order.FIRST).toJson(), StandardCharsets.UTF_8);
    refused("", "it is no JSON object");
    refused("[]", "it is no JSON object");
    refused("{\"format\": ", "Unexpected end-of-input");
    refused("{}", "it lacks format, frequencies, min_freq, normalize, tokens, unit, use_special_tokens, version");
    refused(json + "{}", "something follows after its end");
    refused(json.replace("\"version\":1", "\"version\":2"), "its version is 2; this Trainyard reads version 1");
    refused(json.replace("\"word\"", "\"byte\""), "unit must be one of [char, word], but is byte");
    refused(json.replace("\"min_freq\":1", "\"min_freq\":-1"), "min_freq must be a whole number from 0, but is -1");
    refused(json.replace("\"min_freq\":1", "\"min_freq\":2"), "it has 6 tokens, but its frequencies and rules give 3");
    refused(json.replace("{\"format\"", "{\"more\":1,\"format\""), "the field \"more\" is not known");
    refused(
        json.replace("\"be\",\"or\"", "\"or\",\"be\""),
        "its token 2 is \"or\", but its frequencies and rules give \"be\"");
    refused(json.replace("\"be\",\"or\"", "\"be\",\"be\""), "the token \"be\" is in it twice");
    refused(json.replace("[\"or\",1]", "[\"be\",1]"), "the token \"be\" has two frequencies");
    refused(json.replace("[\"or\",1]", "[\"or\",0]"), "frequency 2 must be [\"token\", count]");
    refused(json.replace("\"min_freq\":1,", "\"min_freq\":1,\"min_freq\":1,"), "Duplicate field 'min_freq'");
  }

  private void refused(String json, String why) throws IOException {
    Path file = folder.resolve("vocab.json");
    Files.writeString(file, json);
    assertThatThrownBy(() -> Vocab.load(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " is no vocabulary: ")
        .hasMessageContaining(why);
  }
}
