package io.trainyard.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Keep;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.model.ParamSpec;
import io.trainyard.core.model.RunInput;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.InputPins.Pinned;
import io.trainyard.core.store.RunStore;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run reads of other runs: a real keeper of artifacts; of the store only which runs there are. */
@Timeout(30)
class InputsTest {
  private static final String SOURCE = "0123456789abcdef0123456789abcdef";
  private static final String OTHER = "0123450000000000000000000000000f";
  private static final ParamSpec VOCAB = spec("vocab", "artifact", null);
  private static final List<ParamSpec> SPECS =
      List.of(VOCAB, spec("corpora", "list", VOCAB), spec("extra", "optional", VOCAB), spec("name", "text", null));

  @TempDir private Path folder;
  private Vertx vertx;
  private Bus bus;
  private FileArtifactKeeper artifacts;
  private InputPins pins;
  private long position = 1;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    artifacts = new FileArtifactKeeper(new Home(folder), bus, Clock.systemUTC());
    artifacts.start();
    List<RunRecord> runs = List.of(run(SOURCE, RunState.FINISHED, Map.of()), run(OTHER, RunState.RUNNING, Map.of()));
    RunStore store =
        (RunStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RunStore.class},
                (proxy, method, args) -> {
                  Stream<RunRecord> named = runs.stream().filter(run -> run.id().startsWith((String) args[0]));
                  return CompletableFuture.completedStage(
                      method.getName().equals("run") ? named.findFirst() : named.map(RunRecord::id).toList());
                });
    pins = new InputPins(store, artifacts);
  }

  @AfterEach
  void stop() {
    artifacts.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static ParamSpec spec(String name, String type, ParamSpec element) {
    return new ParamSpec(name, type, "", null, null, null, false, List.of(), 100, 0, 10, element);
  }

  private static RunRecord run(String id, RunState state, Map<String, String> provenance) {
    return new RunRecord(
        id, "0", "words", state, null, new TaskRef("words", "words.jar", "1", "00"), Map.of(), 7, Map.of(), "", 1, null,
        null, false, false, null, 0, null, false, null, Map.of(), null, null, List.of(), provenance, 1);
  }

  private String keeps(String path, String content) throws Exception {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.write(files.resolve("f" + position), bytes);
    String json =
        "{\"path\":\"" + path + "\",\"file\":\"f" + position + "\",\"size\":" + bytes.length + ",\"sha256\":\"" + sha256
            + "\",\"step\":3}";
    Keep keep =
        new Keep(SOURCE, 1, files, List.of(new Keepsake.File(position++, 1, json.getBytes(StandardCharsets.UTF_8))));
    bus.request(Addresses.KEEP, keep).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    return sha256;
  }

  private Pinned pin(Map<String, Object> given, RunInput... before) {
    return pins.pin(SPECS, given, List.of(before)).toCompletableFuture().join();
  }

  @Test
  void aReferenceBecomesWholeAndWhatItHoldsIsPinned() throws Exception {
    String sha256 = keeps("vocab.json", "{}");
    Pinned pinned = pin(Map.of("vocab", " 0123456/vocab.json", "name", "0123456/vocab.json"));
    assertThat(pinned.errors()).isEmpty();
    assertThat(pinned.params()).containsEntry("vocab", SOURCE + "/vocab.json").containsEntry("name", "0123456/vocab.json");
    RunInput input = pinned.inputs().get(0);
    assertThat(input.key() + " = " + input.written())
        .isEqualTo("input.vocab = " + SOURCE + "/vocab.json sha256:" + sha256 + " (2 bytes)");
    RunRecord launched = run(OTHER, RunState.QUEUED, Map.of("jdk", "17", input.key(), input.written()));
    assertThat(RunInput.of(launched)).containsExactly(input);
    assertThat(ParamCheck.check(List.of(VOCAB), Map.of("vocab", SOURCE + "/vocab.json")))
        .containsEntry("vocab", SOURCE + "/vocab.json");
  }

  @Test
  void inListsAndWhereTheyMayBeLeftOutTheyAreFoundToo() throws Exception {
    keeps("a/b.txt", "b");
    Pinned pinned = pin(Map.of("corpora", List.of("012345/x", SOURCE + "/a/b.txt"), "extra", "0123456/a/b.txt"));
    assertThat(pinned.inputs()).extracting(RunInput::param).containsExactlyInAnyOrder("corpora[1]", "extra");
    assertThat(pinned.params().get("corpora")).isEqualTo(List.of("012345/x", SOURCE + "/a/b.txt"));
    assertThat(pinned.errors())
        .extracting(error -> error.field() + " " + error.message())
        .containsExactly("params.corpora[0] cannot be found: more than one run has an id that begins with 012345");
  }

  @Test
  void whatIsNotThereIsABadFieldThatNamesWhatIs() throws Exception {
    keeps("vocab.json", "{}");
    keeps("report/a.txt", "a");
    assertThat(errors("0123456/voc.json"))
        .containsExactly(
            "params.vocab cannot be found: run words (01234567) keeps no voc.json, but report/a.txt, vocab.json");
    assertThat(errors("0123450/vocab.json"))
        .containsExactly("params.vocab cannot be found: run words (01234500) keeps no files yet: it is RUNNING");
    assertThat(errors("ffffff/vocab.json"))
        .containsExactly("params.vocab cannot be found: no run has an id that begins with ffffff");
    assertThat(errors("vocab.json")).as("for the check of the params").isEmpty();
    assertThatThrownBy(() -> ParamCheck.check(List.of(VOCAB), Map.of("vocab", "vocab.json")))
        .hasMessageStartingWith("params.vocab must be the id of a run (or 6 digits of it or more), a slash and the path");
  }

  private List<String> errors(String reference) {
    return pin(Map.of("vocab", reference)).errors().stream().map(error -> error.field() + " " + error.message()).toList();
  }

  @Test
  void whoRunsItAgainGetsTheSameContentOrIsTold() throws Exception {
    keeps("vocab.json", "{}");
    RunInput then = pin(Map.of("vocab", SOURCE + "/vocab.json")).inputs().get(0);
    assertThat(pin(Map.of("vocab", SOURCE + "/vocab.json"), then).inputs()).containsExactly(then);
    keeps("vocab.json", "{\"a\":1}");
    assertThat(pin(Map.of("vocab", SOURCE + "/vocab.json"), then).errors().get(0).message())
        .startsWith("is not what the run that is run again has read: vocab.json of run " + SOURCE + " had the SHA-256")
        .endsWith("Give it anew to take what it is now");
    assertThat(pin(Map.of("vocab", SOURCE + "/vocab.json")).errors()).isEmpty();
  }

  @Test
  void theFileIsOpenedOnlyWhileItIsWhatItWas() throws Exception {
    keeps("vocab.json", "{}");
    RunInput input = pin(Map.of("vocab", SOURCE + "/vocab.json")).inputs().get(0);
    RunRecord launched = run(OTHER, RunState.QUEUED, Map.of(input.key(), input.written()));
    InputFiles files = new InputFiles(artifacts);
    Path file = files.open(launched).toCompletableFuture().join().get(SOURCE + "/vocab.json");
    assertThat(file).hasContent("{}");

    RunInput gone = new RunInput("vocab", new io.trainyard.spi.ArtifactRef(SOURCE, "gone.json"), 2, input.sha256());
    RunRecord without = run(OTHER, RunState.QUEUED, Map.of(gone.key(), gone.written()));
    assertThatThrownBy(() -> files.open(without).toCompletableFuture().join())
        .hasRootCauseMessage("The input vocab, gone.json of run " + SOURCE + ", is gone.");

    String now = keeps("vocab.json", "{\"a\":1}");
    assertThatThrownBy(() -> files.open(launched).toCompletableFuture().join())
        .hasRootCauseMessage(
            "The input vocab, vocab.json of run " + SOURCE + ", is another one now: its SHA-256 is " + now + ", and was "
                + input.sha256() + " when this run was launched.");
  }

  @Test
  void damageIsNamed() throws Exception {
    String sha256 = keeps("vocab.json", "{}");
    RunInput input = pin(Map.of("vocab", SOURCE + "/vocab.json")).inputs().get(0);
    RunRecord launched = run(OTHER, RunState.QUEUED, Map.of(input.key(), input.written()));
    Path content = new Home(folder).artifacts().resolve(SOURCE).resolve("files").resolve(sha256);
    Files.delete(content);
    Files.writeString(content, "[]");
    assertThatThrownBy(() -> new InputFiles(artifacts).open(launched).toCompletableFuture().join())
        .rootCause()
        .hasMessageStartingWith("The input vocab cannot be read: ")
        .hasMessageContaining("does not hold what its name says");
  }
}
