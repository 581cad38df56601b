package io.trainyard.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.LogChunk;
import io.trainyard.core.bus.Addresses.LogStored;
import io.trainyard.core.bus.Bus;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLogKeeperTest {
  private static final String RUN = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;
  private Vertx vertx;
  private Bus bus;
  private FileLogKeeper keeper;
  private final BlockingQueue<LogStored> announced = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    keeper = new FileLogKeeper(new Home(folder), bus);
    keeper.start();
    bus.listen(Addresses.LOGGED, announced::add);
  }

  @AfterEach
  void stop() {
    keeper.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private long ship(long from, String text) {
    LogChunk chunk = new LogChunk(RUN, 1, from, text.getBytes(StandardCharsets.UTF_8), false);
    return bus.request(Addresses.LOG, chunk).toCompletionStage().toCompletableFuture().join();
  }

  private LogKeeper.Slice read(long from, int limit) {
    return keeper.read(RUN, 1, from, limit).toCompletableFuture().join();
  }

  private static String text(LogKeeper.Slice slice) {
    return new String(slice.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void aChunkThatIsSentAgainChangesNothing() throws InterruptedException {
    assertThat(ship(0, "epoch 1\n")).isEqualTo(8);
    assertThat(ship(0, "epoch 1\n")).isEqualTo(8);
    assertThat(ship(0, "epoch 1\nepoch 2\n")).isEqualTo(16);
    assertThat(text(read(0, 100))).isEqualTo("epoch 1\nepoch 2\n");
    List<String> heard = List.of(next(), next());
    assertThat(heard).containsExactly("epoch 1\n", "epoch 2\n");
    assertThat(announced).isEmpty();
  }

  private String next() throws InterruptedException {
    LogStored stored = announced.poll(5, TimeUnit.SECONDS);
    return stored == null ? "nothing came" : new String(stored.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void aHoleIsWhatWasDroppedOnTheWay() {
    ship(0, "first");
    assertThat(ship(100, "later")).isEqualTo(105);
    assertThat(read(0, 100))
        .extracting(LogKeeper.Slice::size, LogKeeper.Slice::droppedBytes)
        .containsExactly(105L, 95L);
    assertThat(text(read(0, 100))).isEqualTo("first");
    assertThat(text(read(5, 100))).isEqualTo("later");
    assertThat(read(5, 100).from()).isEqualTo(100);
  }

  @Test
  void theEndCanBeReadWithoutTheRest() {
    ship(0, "0123456789");
    assertThat(text(read(-4, 100))).isEqualTo("6789");
    assertThat(text(read(2, 3))).isEqualTo("234");
    assertThat(text(read(50, 3))).isEmpty();
    assertThat(read(-4, 100).from()).isEqualTo(6);
  }

  @Test
  void aRunWithoutOutputHasAnEmptyLog() {
    assertThat(read(0, 10)).extracting(LogKeeper.Slice::size).isEqualTo(0L);
  }

  @Test
  void nothingButARunIdBecomesAPath() {
    assertThatThrownBy(() -> keeper.read("../../etc", 1, 0, 10).toCompletableFuture().join())
        .hasRootCauseMessage("\"../../etc\" is not a run id");
  }
}
