package io.trainyard.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptLogTest {
  @TempDir private Path folder;

  private AttemptLog log() {
    // A head of 10 bytes, then at most 2 pieces of 4.
    return new AttemptLog(folder, 1, 10, 4, 2);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String all() throws IOException {
    StringBuilder text = new StringBuilder();
    long from = 0;
    while (true) {
      LogKeeper.Slice slice = log().read(from, 3);
      if (slice.bytes().length == 0) {
        return text.toString();
      }
      text.append(new String(slice.bytes(), StandardCharsets.UTF_8));
      from = slice.from() + slice.bytes().length;
    }
  }

  @Test
  void theBeginningAndTheEndAreKeptAndTheRestIsCounted() throws IOException {
    String printed = "0123456789abcdefghijklmnopqrstuvwxyz";
    for (int i = 0; i < printed.length(); i += 5) {
      log().append(i, bytes(printed.substring(i, Math.min(i + 5, printed.length()))));
    }
    assertThat(all()).isEqualTo("0123456789" + "uvwxyz");
    assertThat(log().read(0, 1))
        .extracting(LogKeeper.Slice::size, LogKeeper.Slice::droppedBytes)
        .containsExactly(36L, 20L);
    assertThat(log().read(-3, 10).from()).isEqualTo(33);
  }

  @Test
  void bytesThatAreHereAlreadyAreLeftOut() throws IOException {
    log().append(0, bytes("01234"));
    AttemptLog.Appended appended = log().append(3, bytes("34567"));
    assertThat(appended).isEqualTo(new AttemptLog.Appended(5, 2, 8));
    assertThat(all()).isEqualTo("01234567");
  }

  @Test
  void aChunkLargerThanEverythingThatIsKeptLeavesItsTwoEnds() throws IOException {
    log().append(0, bytes("0123456789".repeat(10)));
    assertThat(all()).startsWith("0123456789").endsWith("456789").hasSize(16);
  }
}
