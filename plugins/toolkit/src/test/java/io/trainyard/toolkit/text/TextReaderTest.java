package io.trainyard.toolkit.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.spi.InvalidDataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextReaderTest {
  @TempDir Path folder;

  private final List<String> tokens = new ArrayList<>();

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private TextReader reader(Unit unit, Path... files) {
    Source source = Source.ofFiles("a text", List.of(files), Normalize.NONE);
    return source.open(
        new Preprocessing(unit, Normalize.NONE), (chars, from, to) -> tokens.add(new String(chars, from, to - from)));
  }

  @Test
  void itIsTheSameInPiecesOfAnySize() throws IOException {
    StringBuilder text = new StringBuilder();
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      text.appendCodePoint(List.of((int) 'a', (int) ' ', 0xE9, 0x65F6, 0x1F680).get(random.nextInt(5)));
    }
    Path file = file("text.txt", text.toString().getBytes(StandardCharsets.UTF_8));
    for (Unit unit : Unit.values()) {
      List<String> expected = new Preprocessing(unit, Normalize.NONE).tokens(text.toString());
      for (long most : new long[] {1, 7, 4096, 1 << 16, 100_001, Long.MAX_VALUE}) {
        tokens.clear();
        try (TextReader reader = reader(unit, file)) {
          long read = 0;
          for (long n = reader.read(most); n > 0; n = reader.read(most)) {
            read += n;
          }
          assertThat(read).isEqualTo(Files.size(file));
        }
        assertThat(tokens).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "6162E9200A, 2, 0xE9, no character there, LATIN1",
    "FFFE6100, 0, 0xFF, no character there, UTF-16",
    "61C0AF, 1, 0xC0, no character there, LATIN1",
    "E697B6E697, 3, 0xE6, a character that the end of the file cuts off, LATIN1",
    "EFBBBF61EDA080, 4, 0xED, no character there, LATIN1"
  })
  void whatIsNotUtf8IsNamedByItsByte(String hex, int offset, String at, String begins, String from) throws IOException {
    Path file = file("text.txt", HexFormat.of().parseHex(hex));
    assertThatThrownBy(() -> reader(Unit.CHAR, file).readAll())
        .isInstanceOf(InvalidDataException.class)
        .hasMessage(
            file + " is not UTF-8: at byte " + offset + " (counted from 0) stands " + at + ", which begins " + begins
                + ". If it is " + from + ", iconv -f " + from + " -t UTF-8 makes UTF-8 of it.");
  }

  @Test
  void theByteIsRightFarBehindTheFirstBuffer() throws IOException {
    byte[] content = "时间".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    content[200_001] = (byte) 0xFF;
    Path file = file("text.txt", content);
    for (long most : new long[] {13, Long.MAX_VALUE}) {
      assertThatThrownBy(
              () -> {
                try (TextReader reader = reader(Unit.CHAR, file)) {
                  while (reader.read(most) > 0) {}
                }
              })
          .hasMessageContaining("at byte 200001 (counted from 0) stands 0xFF");
    }
  }

  @Test
  void aByteOrderMarkIsLeftOutAtTheBeginningOfEachFile() throws IOException {
    Path first = file("a.txt", "\uFEFFone two".getBytes(StandardCharsets.UTF_8));
    Path second = file("b.txt", "\uFEFFthree \uFEFF four".getBytes(StandardCharsets.UTF_8));
    reader(Unit.WORD, first, second).readAll();
    assertThat(tokens).containsExactly("one", "two", "three", "\uFEFF", "four");
  }

  @Test
  void oneFileIsNamedByItsHashAndSeveralByWhatSha256sumPrints() throws IOException {
    Path first = file("a.txt", "a".getBytes(StandardCharsets.UTF_8));
    Path second = file("b.txt", "b".getBytes(StandardCharsets.UTF_8));
    TextReader one = reader(Unit.CHAR, first);
    assertThatThrownBy(one::sha256).isInstanceOf(IllegalStateException.class);
    one.readAll();
    assertThat(one.sha256()).isEqualTo("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
    TextReader both = reader(Unit.CHAR, first, second);
    both.readAll();
    // printf a >a.txt; printf b >b.txt; sha256sum a.txt b.txt | sha256sum
    assertThat(both.sha256()).isEqualTo("954ed440fe7160a5afe9e15cd631146fd8f3cc5ba95981b7f91d413f005c695f");
  }
}
