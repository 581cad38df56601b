package io.trainyard.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputLogTest {
  @TempDir Path dir;

  @Test
  void aShortOutputIsOneFileAsItWasPrinted() throws Exception {
    OutputLog log = new OutputLog(dir, Control.open(dir), 100, 10, 3);
    assertThat(log.read(0, 10).bytes()).isEmpty();
    print("hello");
    log.trim();
    assertThat(log.read(1, 3)).satisfies(it -> assertThat(it.bytes()).asString().isEqualTo("ell"));
    assertThat(log.read(5, 10).bytes()).isEmpty();
    assertThat(log.size()).isEqualTo(5);
  }

  @Test
  void theFirstAndTheLastBytesAreKeptAndTheOthersCounted() throws Exception {
    Random random = new Random(3);
    for (int round = 0; round < 20; round++) {
      Path at = Files.createDirectory(dir.resolve("r" + round));
      Control control = Control.open(at);
      OutputLog log = new OutputLog(at, control, 100, 20, 3);
      StringBuilder printed = new StringBuilder();
      ByteArrayOutputStream shipped = new ByteArrayOutputStream();
      long next = 0;
      for (int i = 0; i < 100; i++) {
        String text = "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 200 : 8)) + i + "\n";
        printed.append(text);
        Files.writeString(at.resolve(OutputLog.FILE), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        log.trim();
        while (true) {
          OutputLog.Slice slice = log.read(next, 16);
          if (slice.bytes().length == 0) {
            break;
          }
          assertThat(printed.substring((int) slice.position(), (int) slice.position() + slice.bytes().length))
              .isEqualTo(new String(slice.bytes(), StandardCharsets.US_ASCII));
          shipped.write(slice.bytes());
          next = slice.position() + slice.bytes().length;
        }
      }
      assertThat(log.size()).isEqualTo(printed.length());
      assertThat(next).as("read to its end").isEqualTo(printed.length());

      ByteArrayOutputStream kept = new ByteArrayOutputStream();
      for (long position = 0; position < log.size(); ) {
        OutputLog.Slice slice = log.read(position, 1000);
        kept.write(slice.bytes());
        position = slice.position() + slice.bytes().length;
      }
      String text = kept.toString(StandardCharsets.US_ASCII);
      assertThat(text).startsWith(printed.substring(0, 100));
      String end = printed.substring(printed.length() - 40);
      assertThat(text).endsWith(end);
      assertThat(text.length() + control.droppedLogBytes()).isEqualTo(printed.length());
    }
  }

  private void print(String text) throws Exception {
    Files.writeString(dir.resolve(OutputLog.FILE), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
