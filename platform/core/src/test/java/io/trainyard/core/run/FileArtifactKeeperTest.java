package io.trainyard.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Keep;
import io.trainyard.core.bus.Addresses.Kept;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.ExhibitEntry;
import io.trainyard.core.model.ExhibitInfo;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.store.StoreException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real disk and a real bus; what a runner leaves in its spool is laid there by hand. */
class FileArtifactKeeperTest {
  private static final String RUN = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;
  private Vertx vertx;
  private Bus bus;
  private FileArtifactKeeper keeper;
  private Home home;
  private Path spooled;
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final BlockingQueue<Kept> announced = new LinkedBlockingQueue<>();

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return Instant.ofEpochMilli(now.get());
        }
      };

  @BeforeEach
  void start() throws IOException {
    spooled = Files.createDirectories(folder.resolve("spool").resolve("files"));
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    bus.listen(Addresses.KEPT, announced::add);
    open(folder.resolve("home"));
  }

  private void open(Path at) {
    home = new Home(at);
    keeper = new FileArtifactKeeper(home, bus, clock);
    keeper.start();
  }

  @AfterEach
  void stop() {
    keeper.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void reopen(Path at) {
    keeper.close();
    open(at);
  }

  private static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void keep(int attempt, Keepsake... records) {
    join(bus.request(Addresses.KEEP, new Keep(RUN, attempt, spooled, List.of(records))).toCompletionStage());
  }

  private static Keepsake exhibit(long position, String name, long step, String data) {
    byte[] json = ("{\"kind\":\"text\",\"data\":" + data + "}").getBytes(StandardCharsets.UTF_8);
    return new Keepsake.Exhibit(position, name, step, 1_000 + position, json);
  }

  /** A file that lies in the spool, and its record. */
  private Keepsake file(long position, String path, String content, @Nullable String role, long step)
      throws IOException {
    String name = "f" + position;
    Files.writeString(spooled.resolve(name), content);
    return record(position, path, name, content, role, step);
  }

  private static Keepsake record(
      long position, String path, String file, String content, @Nullable String role, long step) {
    String json = "{\"path\":\"" + path + "\",\"file\":\"" + file + "\",\"size\":" + content.length() + ",\"sha256\":\""
        + sha256(content) + "\"" + (role == null ? "" : ",\"role\":\"" + role + "\",\"epoch\":3,\"epoch_done\":7")
        + ",\"step\":" + step + "}";
    return new Keepsake.File(position, 1_000 + position, json.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(String content) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path index() {
    return home.artifacts().resolve(RUN).resolve("index");
  }

  private List<String> contents() throws IOException {
    try (Stream<Path> files = Files.list(home.artifacts().resolve(RUN).resolve("files"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private @Nullable String data(String name, @Nullable Long step) {
    return join(keeper.exhibit(RUN, name, step))
        .map(shown -> new String(shown.data(), StandardCharsets.UTF_8))
        .orElse(null);
  }

  private List<String> problems() {
    return join(keeper.scrub()).problems();
  }

  @Test
  void anExhibitIsShownAsItWasLoggedByNameAndStep() throws Exception {
    keep(
        1,
        exhibit(10, "sample", 5, "{\"text\":\"时间旅行者 \\\"x\\\"\"}"),
        exhibit(20, "sample", 3, "[1, 2.50, {\"a\":null}]"),
        exhibit(30, "confusion", 5, "{}"));
    assertThat(data("sample", 5L)).isEqualTo("{\"text\":\"时间旅行者 \\\"x\\\"\"}");
    assertThat(data("sample", 3L)).isEqualTo("[1, 2.50, {\"a\":null}]");
    assertThat(data("sample", null)).as("the newest is the one that was logged last").startsWith("[1");
    assertThat(data("sample", 4L)).isNull();
    assertThat(data("nothing", null)).isNull();
    Kept heard = announced.poll(5, TimeUnit.SECONDS);
    assertThat(heard).isNotNull();
    assertThat(heard.exhibits()).extracting(Addresses.KeptExhibit::step).containsExactly(5L, 3L, 5L);
    reopen(folder.resolve("home"));
    assertThat(join(keeper.exhibits(RUN)))
        .containsExactly(
            new ExhibitInfo("confusion", "text", List.of(new ExhibitEntry(5, 1_030, 1))),
            new ExhibitInfo("sample", "text", List.of(new ExhibitEntry(3, 1_020, 1), new ExhibitEntry(5, 1_010, 1))));
    assertThat(data("sample", 5L)).contains("时间旅行者");
  }

  @Test
  void whatIsSentAgainIsDroppedByItsPositionAndALaterAttemptTakesTheStep() {
    Keepsake first = exhibit(10, "sample", 5, "1");
    keep(1, first);
    keep(1, first, exhibit(20, "sample", 6, "2"));
    keep(1, first);
    keep(2, exhibit(10, "sample", 5, "3"));
    assertThat(join(keeper.scrub()).records()).isEqualTo(3);
    assertThat(data("sample", 5L)).isEqualTo("3");
    assertThat(join(keeper.exhibits(RUN)).get(0).entries())
        .containsExactly(new ExhibitEntry(5, 1_010, 2), new ExhibitEntry(6, 1_020, 1));
    assertThatThrownBy(() -> keep(1, exhibit(30, "sample", 7, "4")))
        .isInstanceOf(StoreException.StaleAttempt.class)
        .hasMessageContaining("Stop sending");
  }

  @Test
  void aFileIsTakenFromTheSpoolAndAnsweredWithAfterItsHashWasChecked() throws Exception {
    keep(1, file(10, "figures/relu.csv", "x,y\n", null, 4));
    assertThat(spooled).isEmptyDirectory();
    ArtifactKeeper.Content content = join(keeper.open(RUN, "figures/relu.csv")).orElseThrow();
    assertThat(content.file()).hasContent("x,y\n");
    assertThat(content.artifact())
        .isEqualTo(new Artifact("figures/relu.csv", 4, sha256("x,y\n"), 4, 1_010, 1, null, null, null));
    assertThat(join(keeper.open(RUN, "figures/tanh.csv"))).isEmpty();
    assertThat(join(keeper.artifacts("ffffffffffffffffffffffffffffffff"))).isEmpty();
    assertThat(home.artifacts().resolve("ffffffffffffffffffffffffffffffff")).doesNotExist();
    assertThatThrownBy(() -> join(keeper.artifacts("../etc"))).isInstanceOf(StoreException.NotFound.class);
  }

  @Test
  void ofCheckpointsTheNewestOfEachRoleStaysAndNothingElse() throws Exception {
    keep(1, file(10, "checkpoints/last.npz", "one", "last", 1), file(20, "checkpoints/best.npz", "one", "best", 1));
    keep(1, file(30, "checkpoints/last.npz", "two", "last", 2), file(40, "notes.txt", "hello", null, 2));
    assertThat(contents()).containsExactlyInAnyOrder(sha256("one"), sha256("two"), sha256("hello"));
    keep(1, file(50, "checkpoints/best-3.npz", "three", "best", 3), file(60, "notes.txt", "bye", null, 2));
    assertThat(contents()).containsExactlyInAnyOrder(sha256("two"), sha256("three"), sha256("bye"));
    assertThat(join(keeper.artifacts(RUN)))
        .extracting(Artifact::path)
        .containsExactly("checkpoints/best-3.npz", "checkpoints/last.npz", "notes.txt");
    assertThat(join(keeper.artifacts(RUN)).get(0))
        .extracting(Artifact::epoch, Artifact::epochDone, Artifact::step)
        .containsExactly(3L, 7L, 3L);
    assertThat(problems()).isEmpty();
  }

  @Test
  void aCheckpointThatItsRunnerReplacedBeforeItWasTakenIsNoDamage() throws Exception {
    keep(
        1,
        record(10, "checkpoints/best.npz", "gone", "one", "best", 1),
        file(20, "checkpoints/best.npz", "two", "best", 2));
    reopen(folder.resolve("home"));
    assertThat(join(keeper.artifacts(RUN))).singleElement().satisfies(best -> assertThat(best.step()).isEqualTo(2));
    assertThat(problems()).isEmpty();
  }

  @Test
  void whatSomebodyReadsIsDeletedOnlyMinutesAfterItWasSuperseded() throws Exception {
    keep(1, file(10, "checkpoints/last.npz", "one", "last", 1));
    Path read = join(keeper.open(RUN, "checkpoints/last.npz")).orElseThrow().file();
    keep(1, file(20, "checkpoints/last.npz", "two", "last", 2));
    assertThat(read).hasContent("one");
    now.addAndGet(TimeUnit.HOURS.toMillis(1));
    keep(1, file(30, "checkpoints/last.npz", "three", "last", 3));
    assertThat(contents()).containsExactly(sha256("three"));
  }

  @Test
  void aKillAtAnyByteOfTheIndexLosesNothingThatComesAgain() throws Exception {
    Keepsake[] records = {
      exhibit(10, "sample", 1, "{\"text\":\"a\"}"),
      file(20, "checkpoints/last.npz", "one", "last", 1),
      exhibit(30, "sample", 2, "{\"text\":\"b\"}"),
      file(40, "notes.txt", "two", null, 2),
    };
    List<Long> ends = new ArrayList<>();
    for (Keepsake record : records) {
      keep(1, record);
      ends.add(Files.size(index()));
    }
    Path whole = home.artifacts().resolve(RUN);
    for (int cut = 0; cut <= ends.get(3); cut++) {
      Path at = folder.resolve("cut-" + cut);
      Path torn = Files.createDirectories(at.resolve("artifacts").resolve(RUN));
      Files.createDirectories(torn.resolve("files"));
      for (String content : List.of("one", "two")) {
        Files.writeString(torn.resolve("files").resolve(sha256(content)), content);
      }
      byte[] bytes = Files.readAllBytes(whole.resolve("index"));
      Files.write(torn.resolve("index"), java.util.Arrays.copyOf(bytes, cut));
      reopen(at);
      int here = cut;
      long survived = ends.stream().filter(end -> end <= here).count();
      assertThat(join(keeper.exhibits(RUN)).stream().mapToInt(it -> it.entries().size()).sum())
          .as("cut at %d", cut)
          .isEqualTo((int) ((survived + 1) / 2));
      assertThat(Files.size(index())).isEqualTo(survived == 0 ? 0 : ends.get((int) survived - 1));
      keep(1, records);
      assertThat(Files.readAllBytes(index())).as("cut at %d", cut).isEqualTo(bytes);
      assertThat(problems()).isEmpty();
    }
  }

  @Test
  void aFlippedBitAnywhereInARecordLosesThisRecordAloneAndIsNamed() throws Exception {
    keep(1, exhibit(10, "a", 1, "\"first\""));
    int from = (int) Files.size(index());
    keep(1, exhibit(20, "b", 1, "\"second\""));
    int to = (int) Files.size(index());
    keep(1, exhibit(30, "c", 1, "\"third\""));
    byte[] bytes = Files.readAllBytes(index());
    for (int at = from; at < to; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 1 << at % 8;
      Path damaged = folder.resolve("flip-" + at);
      Path run = Files.createDirectories(damaged.resolve("artifacts").resolve(RUN));
      Files.write(run.resolve("index"), flipped);
      reopen(damaged);
      assertThat(join(keeper.exhibits(RUN))).as("byte %d", at).extracting(ExhibitInfo::name).containsExactly("a", "c");
      assertThat(data("c", null)).isEqualTo("\"third\"");
      assertThat(problems()).as("byte %d", at).hasSize(1);
      assertThat(problems().get(0)).contains("index: bytes " + from + " to " + to, "is missing");
      keep(1, exhibit(40, "d", 1, "\"fourth\""));
      assertThat(data("d", null)).isEqualTo("\"fourth\"");
    }
  }

  @Test
  void theLastRecordIsNotTakenForATornTailWhenOnlyItsContentIsBad() throws Exception {
    keep(1, exhibit(10, "a", 1, "\"first\""));
    keep(1, exhibit(20, "b", 1, "\"second\""));
    byte[] bytes = Files.readAllBytes(index());
    bytes[bytes.length - 4] ^= 1;
    Files.write(index(), bytes);
    reopen(folder.resolve("home"));
    assertThat(join(keeper.exhibits(RUN))).extracting(ExhibitInfo::name).containsExactly("a");
    assertThat(Files.size(index())).isEqualTo(bytes.length);
    assertThat(problems()).hasSize(1);
  }

  @Test
  void zerosThatAPowerLossLeftAreATornTail() throws Exception {
    keep(1, exhibit(10, "a", 1, "\"first\""));
    byte[] bytes = Files.readAllBytes(index());
    keep(1, exhibit(20, "b", 1, "\"second\""));
    Files.write(index(), java.util.Arrays.copyOf(bytes, bytes.length + 4096));
    reopen(folder.resolve("home"));
    keep(1, exhibit(20, "b", 1, "\"second\""));
    assertThat(data("b", null)).isEqualTo("\"second\"");
    assertThat(problems()).isEmpty();
  }

  @Test
  void recordsAreCheckedWhenTheyAreReadToo() throws Exception {
    keep(1, exhibit(10, "a", 1, "\"first\""));
    byte[] bytes = Files.readAllBytes(index());
    bytes[bytes.length - 4] ^= 1;
    Files.write(index(), bytes);
    assertThatThrownBy(() -> data("a", null))
        .isInstanceOf(StoreException.Damaged.class)
        .hasMessageContaining("exhibit \"a\" at step 1 cannot be shown");
  }

  @Test
  void aFileThatIsNotWhatWasKeptIsNamedForEverAndHoldsNobodyUp() throws Exception {
    Files.writeString(spooled.resolve("short"), "on");
    Files.writeString(spooled.resolve("other"), "oen");
    keep(
        1,
        record(10, "missing.txt", "nowhere", "one", null, 1),
        record(20, "short.txt", "short", "one", null, 1),
        record(30, "other.txt", "other", "one", null, 1),
        new Keepsake.Exhibit(40, "torn", 1, 1, "{\"kind\":\"te".getBytes(StandardCharsets.UTF_8)),
        new Keepsake.File(50, 1, "{}".getBytes(StandardCharsets.UTF_8)),
        exhibit(60, "good", 1, "1"));
    assertThat(join(keeper.artifacts(RUN))).isEmpty();
    assertThat(data("good", null)).isEqualTo("1");
    reopen(folder.resolve("home"));
    assertThat(problems()).hasSize(5);
    assertThat(problems().get(0)).contains("missing.txt of run " + RUN + " could not be kept: it is not in the spool.");
    assertThat(problems().get(1)).contains("it has 2 bytes instead of 3");
    assertThat(problems().get(2)).contains("its content is not what was kept");
    assertThat(problems().get(3)).contains("the exhibit \"torn\" at step 1");
  }

  @Test
  void nothingOutsideOfTheSpoolIsTaken() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "one");
    Files.createSymbolicLink(spooled.resolve("link"), secret);
    keep(
        1,
        record(10, "a.txt", "../../secret", "one", null, 1),
        record(20, "b.txt", "link", "one", null, 1),
        record(30, "c.txt", secret.toString(), "one", null, 1),
        record(40, "../d.txt", "link", "one", null, 1));
    assertThat(join(keeper.artifacts(RUN))).isEmpty();
    assertThat(secret).hasContent("one");
    assertThat(problems()).hasSize(4);
    assertThat(problems().get(1)).contains("is not in the spool's folder of files");
  }

  @Test
  void aFlippedBitInAFileIsFoundAndTheFileIsNotAnsweredWith() throws Exception {
    keep(1, file(10, "notes.txt", "one", null, 1));
    Path content = join(keeper.open(RUN, "notes.txt")).orElseThrow().file();
    FileTime time = Files.getLastModifiedTime(content);
    Files.writeString(content, "onf");
    assertThatThrownBy(() -> join(keeper.open(RUN, "notes.txt")))
        .isInstanceOf(StoreException.Damaged.class)
        .hasMessageContaining("does not hold what its name says: notes.txt of run");
    Files.writeString(content, "one");
    join(keeper.open(RUN, "notes.txt"));
    Files.writeString(content, "onf");
    Files.setLastModifiedTime(content, time);
    assertThat(problems()).as("a scrub trusts no earlier look").hasSize(1);
    Files.delete(content);
    assertThat(problems().get(0)).contains("is missing");
    assertThatThrownBy(() -> join(keeper.open(RUN, "notes.txt"))).hasMessageContaining("is missing");
  }

  @Test
  void whatCannotBeWrittenNowIsTakenWhenItComesAgain() throws Exception {
    Files.createDirectories(home.artifacts());
    Files.writeString(home.artifacts().resolve(RUN), "in the way");
    Keepsake file = file(10, "notes.txt", "one", null, 1);
    assertThatThrownBy(() -> keep(1, file)).hasMessageContaining("artifacts cannot be read or written");
    assertThat(spooled.resolve("f10")).exists();
    Files.delete(home.artifacts().resolve(RUN));
    keep(1, file);
    assertThat(join(keeper.open(RUN, "notes.txt"))).isPresent();
  }

  @Test
  void anIndexOfANewerVersionIsLeftAlone() throws Exception {
    keep(1, exhibit(10, "a", 1, "1"));
    byte[] bytes = Files.readAllBytes(index());
    bytes[3]++;
    Files.write(index(), bytes);
    reopen(folder.resolve("home"));
    assertThatThrownBy(() -> join(keeper.exhibits(RUN)))
        .isInstanceOf(StoreException.Unusable.class)
        .hasMessageContaining("newer version");
    assertThatThrownBy(() -> keep(1, exhibit(20, "a", 2, "2"))).isInstanceOf(StoreException.Unusable.class);
    assertThat(Files.readAllBytes(index())).isEqualTo(bytes);
    assertThat(problems()).hasSize(1);
  }
}
