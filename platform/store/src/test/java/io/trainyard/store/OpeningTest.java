package io.trainyard.store;

import static io.trainyard.store.Fixture.RUN;
import static io.trainyard.store.Fixture.append;
import static io.trainyard.store.Fixture.apply;
import static io.trainyard.store.Fixture.id;
import static io.trainyard.store.Fixture.join;
import static io.trainyard.store.Fixture.points;
import static io.trainyard.store.Fixture.running;
import static io.trainyard.store.Fixture.summary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunPage;
import io.trainyard.core.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders as a start may find them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpeningTest {
  @TempDir Path folder;

  private final StoreOptions options =
      StoreOptions.defaults().withReserveBytes(0).withSegmentBytes(8_000).withSealing(256,
          0).withCheckpointBytes(16_000);

  private Path home() {
    return folder.resolve("home");
  }

  private static void fill(TrainyardStore store) {
    long first = running(store, id(1));
    long second = running(store, id(2));
    for (int i = 0; i < 40; i++) {
      append(store, id(1), first, "train/loss", 2, 50);
      append(store, id(2), second, "grad/norm", 1, 7);
      apply(store, new Change.EditRun(id(2), null, null, Map.of("i", "" + i)));
    }
    apply(store, new Change.CreateExperiment("Demo", Map.of(), 5), "key", "f");
  }

  /** Every answer, as one value to compare. */
  private static List<Object> answers(TrainyardStore store) {
    List<Object> all = new ArrayList<>();
    RunPage page = join(store.runs(Fixture.all("created_at", true)));
    all.add(page);
    all.add(join(store.experiments(false)));
    all.add(join(store.experiments(true)));
    page.rows()
        .forEach(
            row ->
                row.series()
                    .forEach(
                        series -> {
                          var points = points(store, row.run().id(), series.name());
                          all.add(Arrays.hashCode(points.steps()));
                          all.add(Arrays.hashCode(points.times()));
                          all.add(Arrays.hashCode(points.values()));
                        }));
    all.add(apply(store, new Change.CreateExperiment("Demo", Map.of(), 5), "key", "f").replayed());
    all.add(join(store.nextSeq(id(1), 1)));
    return all;
  }

  @Test
  void whateverOfTheViewIsDeletedOrBrokenEveryAnswerStaysTheSame() throws IOException {
    List<Object> answers;
    try (TrainyardStore store = TrainyardStore.open(home(), options)) {
      fill(store);
      answers = answers(store);
      assertThat(answers).contains(true);
    }
    assertThat(home().resolve("view.ckpt")).exists();
    Files.delete(home().resolve("view.db"));
    assertAnswers(answers);
    Files.delete(home().resolve("view.ckpt"));
    assertAnswers(answers);
    Files.delete(home().resolve("view.ckpt"));
    Files.delete(home().resolve("view.db"));
    assertAnswers(answers);
    byte[] checkpoint = Files.readAllBytes(home().resolve("view.ckpt"));
    for (int at = 0; at < checkpoint.length; at += checkpoint.length / 23) {
      byte[] flipped = checkpoint.clone();
      flipped[at] ^= 4;
      Files.write(home().resolve("view.ckpt"), flipped);
      assertAnswers(answers);
    }
    Files.write(home().resolve("view.ckpt"), new byte[10]);
    assertAnswers(answers);
  }

  private void assertAnswers(List<Object> answers) {
    try (TrainyardStore store = TrainyardStore.open(home(), options)) {
      assertThat(answers(store)).isEqualTo(answers);
      assertThat(store.status().damage()).isEmpty();
      assertThat(join(store.scrub()).problems()).isEmpty();
    }
  }

  @Test
  void aCopyTakenWhileTheStoreIsOpenHoldsAllThatWasAcknowledged() throws IOException {
    try (TrainyardStore store = TrainyardStore.open(home(), options)) {
      long fence = running(store, RUN);
      for (int i = 1; i <= 12; i++) {
        append(store, RUN, fence, "x", 5, 40);
        Path copy = folder.resolve("copy" + i);
        copy(home(), copy);
        try (TrainyardStore opened = TrainyardStore.open(copy, options)) {
          assertThat(points(opened, RUN, "x").count()).isEqualTo(i * 200L);
          assertThat(summary(opened, RUN, "x")).isEqualTo(summary(store, RUN, "x"));
          assertThat(join(opened.run(RUN))).isEqualTo(join(store.run(RUN)));
          assertThat(opened.status().damage()).isEmpty();
        }
      }
    }
  }

  /** The journal last: a copy is not a moment, and what is retired from the journal must be in the copy already. */
  private static void copy(Path from, Path to) throws IOException {
    for (int attempt = 0; ; attempt++) {
      try {
        copyOnce(from, to);
        return;
      } catch (NoSuchFileException | UncheckedIOException retired) {
        assertThat(attempt).isLessThan(50);
        delete(to);
      }
    }
  }

  private static void copyOnce(Path from, Path to) throws IOException {
    List<Path> before = files(from);
    for (Path file : before) {
      Path target = to.resolve(from.relativize(file));
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
    if (!files(from).equals(before)) {
      throw new NoSuchFileException("something was retired meanwhile");
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).filter(file ->
          !file.getFileName().toString().startsWith("view.")).sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void aSecondOpenerIsToldWhoHasTheFolder() {
    try (TrainyardStore store = TrainyardStore.open(home(), options)) {
      assertThat(store.status().writable()).isTrue();
      assertThatThrownBy(() -> TrainyardStore.open(home(), options))
          .isInstanceOf(StoreException.Unusable.class)
          .hasMessageContaining("is in use by process " + ProcessHandle.current().pid())
          .hasMessageContaining("choose another --home");
    }
    TrainyardStore.open(home(), options).close();
  }

  @Test
  void anotherProcessThatHoldsTheFolderIsNamed() throws IOException, InterruptedException {
    Files.createDirectories(home());
    Process holder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(), "-cp", System.getProperty("java.class.path"),
                    Holder.class.getName(), home().toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8)).readLine())
          .isEqualTo("open");
      assertThatThrownBy(() -> TrainyardStore.open(home(), options))
          .isInstanceOf(StoreException.Unusable.class)
          .hasMessageContaining("is in use by process " + holder.pid());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    TrainyardStore.open(home(), options).close();
  }

  /** Opens a store and waits to be killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      try (TrainyardStore store = TrainyardStore.open(Path.of(args[0]), StoreOptions.defaults())) {
        System.out.write("open\n".getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        assertThat(System.in.read()).isNegative();
        assertThat(store.status().writable()).isTrue();
      }
    }
  }

  @Test
  void aFolderOfANewerVersionIsRefusedWithTheWayOut() throws IOException {
    TrainyardStore.open(home(), options).close();
    Files.writeString(home().resolve("format.json"), "{\"format\": 2, \"createdAt\": 1, \"more\": [1]}");
    assertThatThrownBy(() -> TrainyardStore.open(home(), options))
        .isInstanceOf(StoreException.Unusable.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("newer Trainyard");
    Files.writeString(home().resolve("format.json"), "garbage");
    assertThatThrownBy(() -> TrainyardStore.open(home(),
        options)).isInstanceOf(StoreException.Unusable.class).hasMessageContaining("format.json");
  }

  @Test
  void anEmptyStoreOpensAndClosesWithoutMapDb() {
    TrainyardStore.open(home(), options).close();
    try (TrainyardStore store = TrainyardStore.open(home(), options)) {
      assertThat(join(store.runs(Fixture.all("name", false))).total()).isZero();
    }
    assertThat(home().resolve("view.db")).doesNotExist();
  }

  @Test
  void aSmallStoreIsAsSmallAsItsPoints() throws IOException {
    StoreOptions usual = StoreOptions.defaults().withReserveBytes(0);
    try (TrainyardStore store = TrainyardStore.open(home(), usual)) {
      long fence = running(store, RUN);
      append(store, RUN, fence, "x", 1_000, 1_000);
    }
    long bytes = 0;
    for (Path file : files(home())) {
      bytes += Files.size(file);
    }
    // Steps of one apart, float values: 5 bytes a point is the target; the journal's last megabyte may remain.
    assertThat(bytes).isLessThan(6_000_000);
  }
}
