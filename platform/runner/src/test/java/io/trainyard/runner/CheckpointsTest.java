package io.trainyard.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.client.SpoolReader;
import io.trainyard.client.SpoolWriter;
import io.trainyard.spi.Goal;
import io.trainyard.spi.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a clock by hand, and a real spool. */
final class CheckpointsTest {
  @TempDir Path dir;
  private SpoolWriter spool;
  private KeptFiles files;
  private long seconds = 1000;
  private final Map<String, String> facts = new HashMap<>();
  private boolean broken;
  private int saves;

  private final State state =
      new State() {
        @Override
        public void save(Path file) throws IOException {
          saves++;
          Files.writeString(file, "state " + saves);
          if (broken) {
            throw new IOException("no space left");
          }
        }

        @Override
        public void restore(Path file) {}
      };

  @BeforeEach
  void open() {
    spool = SpoolWriter.open(dir, SpoolWriter.DEFAULT_LIMIT);
    files = new KeptFiles(dir, spool);
  }

  @AfterEach
  void close() {
    spool.close();
  }

  @Test
  void betweenBlocksItIsSavedWhenTheTimeIsUpAndAtAStop() throws Exception {
    Checkpoints checkpoints = begin("30s", Goal.NONE);
    checkpoints.between(new Position(10, 1, 10), false);
    seconds += 30;
    checkpoints.between(new Position(20, 1, 20), false);
    checkpoints.between(new Position(30, 1, 30), false);
    seconds += 29;
    checkpoints.between(new Position(40, 1, 40), false);
    checkpoints.between(new Position(50, 1, 50), true);
    assertThat(kept()).containsExactly("last 20 1/20", "last 50 1/50");
  }

  @Test
  void afterAnEpochItIsSavedWhenItIsDueAndAtTheEnd() throws Exception {
    Checkpoints checkpoints = begin("30s", Goal.NONE);
    checkpoints.after(new Position(10, 2, 0), Double.NaN, false);
    seconds += 30;
    checkpoints.after(new Position(20, 3, 0), Double.NaN, false);
    checkpoints.after(new Position(30, 4, 0), Double.NaN, true);
    assertThat(kept()).containsExactly("last 20 3/0", "last 30 4/0");
  }

  @Test
  void everySecondEpochIsEverySecondEpochHoweverLongItTakes() throws Exception {
    Checkpoints checkpoints = begin("2epochs", Goal.NONE);
    for (int epoch = 1; epoch <= 5; epoch++) {
      seconds += 1000;
      checkpoints.between(new Position(10 * epoch - 5, epoch, 5), false);
      checkpoints.after(new Position(10 * epoch, epoch + 1, 0), Double.NaN, epoch == 5);
    }
    assertThat(kept()).containsExactly("last 20 3/0", "last 40 5/0", "last 50 6/0");
  }

  @Test
  void neverIsNeverEvenAtAStop() throws Exception {
    Checkpoints checkpoints = begin("never", Goal.MINIMIZE);
    seconds += 1000;
    checkpoints.between(new Position(10, 1, 10), true);
    checkpoints.after(new Position(20, 2, 0), 1, true);
    assertThat(kept()).isEmpty();
    assertThat(saves).isZero();
  }

  @Test
  void theBestIsTheOneWithABetterValueThanAllBeforeIt() throws Exception {
    Checkpoints checkpoints = begin("100epochs", Goal.MAXIMIZE);
    double[] values = {Double.NaN, 0.5, 0.4, 0.5, Double.POSITIVE_INFINITY, 0.6};
    for (int i = 0; i < values.length; i++) {
      checkpoints.after(new Position(i + 1, i + 2, 0), values[i], i == values.length - 1);
    }
    assertThat(kept()).containsExactly("best 2 3/0", "last 6 7/0", "best 6 7/0");
    assertThat(saves).as("one save serves both").isEqualTo(2);
    assertThat(facts).containsExactly(Map.entry("checkpoint.best", "0.6"));
  }

  @Test
  void smallerIsBetterWhereTheMetricSaysSoAndTheBestOfTheAttemptsBeforeCounts() throws Exception {
    Checkpoints checkpoints =
        new Checkpoints(
            Interval.parse("30s"), new Position(100, 11, 0), 0.3, Goal.MINIMIZE, files, facts::put, this::nanos);
    checkpoints.begin(state, dir);
    checkpoints.after(new Position(110, 12, 0), 0.31, false);
    checkpoints.after(new Position(120, 13, 0), 0.29, false);
    assertThat(kept()).containsExactly("best 120 13/0");
  }

  @Test
  void whereItWasResumedIsNotSavedOnceMore() throws Exception {
    Position position = new Position(100, 11, 0);
    Checkpoints checkpoints =
        new Checkpoints(Interval.parse("30s"), position, 0, Goal.NONE, files, facts::put, this::nanos);
    checkpoints.begin(state, dir);
    checkpoints.after(position, Double.NaN, true);
    assertThat(saves).isZero();
  }

  @Test
  void whatCannotBeSavedIsTriedAgainWhenItIsDueAndLeavesNothing() throws Exception {
    Checkpoints checkpoints = begin("30s", Goal.NONE);
    broken = true;
    seconds += 30;
    checkpoints.between(new Position(10, 1, 10), false);
    checkpoints.between(new Position(20, 1, 20), false);
    assertThat(saves).as("not at each block").isEqualTo(1);
    assertThat(names()).isEmpty();
    broken = false;
    seconds += 30;
    checkpoints.between(new Position(30, 1, 30), false);
    assertThat(kept()).containsExactly("last 30 1/30");
  }

  @Test
  void whereNobodyTakesThemTheNewestTwoWait() throws Exception {
    Checkpoints checkpoints = begin("1s", Goal.NONE);
    for (int i = 1; i <= 10; i++) {
      seconds++;
      checkpoints.between(new Position(i, 1, i), false);
    }
    assertThat(names()).hasSize(2);
    assertThat(records()).hasSize(10);
    JsonNode newest = records().get(9);
    assertThat(Files.readString(dir.resolve("files").resolve(newest.path("file").asText()))).isEqualTo("state 10");
  }

  @Test
  void anIntervalThatIsNoneIsSaid() {
    for (String text : List.of("", "30", "0s", "-1s", "2 epochs", "1e9s", "always", "99999999999s")) {
      assertThatThrownBy(() -> Interval.parse(text)).as(text).hasMessageContaining("\"" + text + "\"");
    }
  }

  private Checkpoints begin(String every, Goal goal) throws IOException {
    Checkpoints checkpoints =
        new Checkpoints(Interval.parse(every), Position.START, Double.NaN, goal, files, facts::put, this::nanos);
    checkpoints.between(new Position(1, 1, 1), true);
    assertThat(saves).as("not before the task says how").isZero();
    checkpoints.begin(state, null);
    return checkpoints;
  }

  private long nanos() {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  /** Role, step and position of each, whose file is there as its record says. */
  private List<String> kept() throws Exception {
    List<String> kept = new ArrayList<>();
    for (JsonNode json : records()) {
      Path file = dir.resolve("files").resolve(json.path("file").asText());
      if (Files.exists(file)) {
        assertThat(Digests.sha256(file)).isEqualTo(json.path("sha256").asText());
        assertThat(Files.size(file)).isEqualTo(json.path("size").asLong());
      }
      assertThat(json.path("path").asText()).isEqualTo("checkpoints/" + json.path("role").asText() + ".npz");
      kept.add(
          json.path("role").asText() + " " + json.path("step").asLong() + " " + json.path("epoch").asInt() + "/"
              + json.path("epoch_done").asInt(-1));
    }
    return kept;
  }

  private List<JsonNode> records() throws Exception {
    Child.Spooled read = new Child.Spooled();
    try (SpoolReader reader = SpoolReader.open(dir, 0)) {
      reader.poll(read, Integer.MAX_VALUE);
    }
    return read.kept;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(Files.createDirectories(dir.resolve("files")))) {
      return all.map(it -> it.getFileName().toString()).toList();
    }
  }
}
