package io.trainyard.toolkit.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.spi.InvalidDataException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PreprocessingTest {
  private static List<String> tokens(Unit unit, Normalize normalize, String text) {
    return new Preprocessing(unit, normalize).tokens(text);
  }

  /** What Python's {@code re.sub('[^A-Za-z]+', ' ', line).strip().lower()} gives, line by line. */
  @ParameterizedTest
  @CsvSource(
      value = {
        "The Time Machine, by H. G. Wells [1898]|the time machine by h g wells",
        "'  --  I  '|i",
        "don't|don t",
        "Übermut à 7 o'clock|bermut o clock",
        "'one\r\n\r\n  two\rthree\n'|onetwothree",
        "'!!!'|''"
      },
      delimiter = '|')
  void theCoursesCharactersAreLettersWithSingleSpaces(String text, String expected) {
    String unescaped = text.replace("\\r", "\r").replace("\\n", "\n");
    assertThat(String.join("", tokens(Unit.CHAR, Normalize.COURSE, unescaped))).isEqualTo(expected);
  }

  @Test
  void theCoursesWordsEndWithTheirLine() {
    assertThat(tokens(Unit.WORD, Normalize.COURSE, "Time\ntraveller, it's\r\n3 o'clock"))
        .containsExactly("time", "traveller", "it", "s", "o", "clock");
  }

  @Test
  void charactersAreCodePoints() {
    assertThat(tokens(Unit.CHAR, Normalize.NONE, "aÄ时\uD83D\uDE80\n"))
        .containsExactly("a", "Ä", "时", "\uD83D\uDE80", "\n");
    assertThat(tokens(Unit.CHAR, Normalize.LOWER, "AÄ时\uD801\uDC00")).containsExactly("a", "ä", "时", "\uD801\uDC28");
    // What is typed may be half a pair.
    assertThat(tokens(Unit.CHAR, Normalize.NONE, "\uD83Da")).containsExactly("\uD83D", "a");
  }

  @Test
  void wordsStandBetweenAnyWhiteSpace() {
    assertThat(tokens(Unit.WORD, Normalize.NONE, "  To be,\tor\nnot\u00A0to\u3000be! "))
        .containsExactly("To", "be,", "or", "not", "to", "be!");
    assertThat(tokens(Unit.WORD, Normalize.LOWER, "TO Ärger")).containsExactly("to", "ärger");
  }

  @Test
  void eachChineseCharacterIsAWord() {
    assertThat(tokens(Unit.WORD, Normalize.NONE, "我有 2 个GPU，很快。\uD840\uDC00"))
        .containsExactly("我", "有", "2", "个", "GPU，", "很", "快", "。", "\uD840\uDC00");
  }

  @Test
  void tokensBecomeATextAgain() {
    Preprocessing words = new Preprocessing(Unit.WORD, Normalize.NONE);
    assertThat(words.join(List.of("我", "有", "2", "个", "GPU"))).isEqualTo("我有 2 个 GPU");
    assertThat(words.after("the time", List.of("machine", "was"))).isEqualTo(" machine was");
    assertThat(words.after("the time ", List.of("machine"))).isEqualTo("machine");
    assertThat(words.after("", List.of("machine"))).isEqualTo("machine");
    assertThat(words.after("时间", List.of("机", "器"))).isEqualTo("机器");
    assertThat(new Preprocessing(Unit.CHAR, Normalize.NONE).after("ti", List.of("m", "e"))).isEqualTo("me");
  }

  @Test
  void aMillionCharactersWithoutASpaceAreNoWord() {
    String text = "ab".repeat((1 << 19) + 1);
    assertThatThrownBy(() -> tokens(Unit.WORD, Normalize.NONE, text))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("a word of more than 1048576 characters, beginning with abab")
        .hasMessageContaining("unit=char");
    assertThat(tokens(Unit.CHAR, Normalize.NONE, text)).hasSize(text.length());
  }
}
