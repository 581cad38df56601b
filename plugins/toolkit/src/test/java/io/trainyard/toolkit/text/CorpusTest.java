package io.trainyard.toolkit.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.InvalidDataException;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.toolkit.Fingerprint;
import io.trainyard.toolkit.Places;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CorpusTest {
  @TempDir Path folder;

  private static RecordingRun run(Map<String, ?> params) {
    return new RecordingRun(new Reader()).params(params);
  }

  private Corpus text(String text, Map<String, ?> params) throws IOException {
    Path file = Files.writeString(folder.resolve("text.txt"), text);
    return Corpus.load(run(params).param("corpus", file.toString()));
  }

  @Test
  void theTimeMachineHasTheCoursesNumbers() throws IOException {
    assumeThat(System.getenv("TRAINYARD_DATA")).as("TRAINYARD_DATA").isNotNull();
    RecordingRun run = run(Map.of("corpus", "time-machine"));
    Corpus chars = Corpus.load(run);
    assertThat(chars.tokens()).hasSize(170_580);
    assertThat(chars.vocab().length()).isEqualTo(28);
    assertThat(chars.vocab().decode(Arrays.copyOf(chars.tokens(), 50)))
        .isEqualTo("the time machine by h g wellsithe time traveller f");
    assertThat(chars.train()).hasSize(153_522);
    assertThat(run.provenance())
        .containsEntry("data.name", "time-machine")
        .containsEntry("data.sha256", "8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516")
        .containsEntry("data.preprocessing", "char, course");
    Corpus words = Corpus.load(run(Map.of("corpus", "time-machine", "unit", "word")));
    assertThat(words.tokens()).hasSize(32_775);
    assertThat(words.vocab().length()).isEqualTo(4580);
    Corpus frequent =
        Corpus.load(run(Map.of("corpus", "time-machine", "unit", "word", "min_freq", 2, "vocab_from", "train")));
    assertThat(frequent.vocab().length()).isEqualTo(2023);
  }

  @Test
  void theSyntheticOneIsTheSameOnEveryMachine() throws IOException {
    for (String unit : List.of("char", "word")) {
      RecordingRun run = run(Map.of("corpus", "synthetic", "unit", unit)).seed(99);
      Corpus corpus = Corpus.load(run);
      assertThat(corpus.tokens()).hasSize(200_000);
      assertThat(run.provenance().get("data.sha256")).startsWith(unit.equals("char") ? "60eee005" : "dde33280");
      assertThat(run.provenance())
          .containsEntry("data.entropy_rate", String.valueOf(corpus.entropyRate().orElseThrow()));
    }
  }

  @Test
  void autoIsTheTimeMachineWhereItIsAndElseTheSyntheticOne() throws IOException {
    assumeThat(Places.of(Corpora.THE_TIME_MACHINE, Optional.empty()).find()).as("on this machine").isEmpty();
    assertThat(Corpus.load(run(Map.of()).data(folder)).name()).isEqualTo("synthetic");
    Path home = Files.createDirectories(folder.resolve("time-machine"));
    Files.writeString(home.resolve("timemachine.txt"), "The Time Machine,\nby H. G. Wells");
    Corpus found = Corpus.load(run(Map.of()).data(folder));
    assertThat(found.name()).isEqualTo("time-machine");
    assertThat(found.vocab().decode(found.tokens())).isEqualTo("the time machineby h g wells");
  }

  @Test
  void theRestOfTheTextIsHeldOut() throws IOException {
    Corpus corpus = text("abcdefghij", Map.of());
    assertThat(corpus.train()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(corpus.heldout()).containsExactly(10);
    assertThat(text("abcdefghij", Map.of("split", 1)).heldout()).isEmpty();
    Corpus first = text("abcdefghij", Map.of("max_tokens", 4, "split", 0.5));
    assertThat(first.train()).containsExactly(1, 2);
    assertThat(first.vocab().length()).isEqualTo(5);
  }

  @Test
  void aVocabularyOfTheTrainingPartDoesNotKnowWhatComesLater() throws IOException {
    Corpus corpus = text("aabbc", Map.of("split", 0.6, "vocab_from", "train", "vocab_order", "frequency"));
    assertThat(corpus.tokens()).containsExactly(1, 1, 2, 2, 0);
    assertThat(corpus.vocab().frequency("b")).isEqualTo(1);
    assertThat(corpus.vocab().frequency("c")).isZero();
    assertThat(corpus.vocab().length()).isEqualTo(3);
  }

  @Test
  void theFilesOfAFolderAreReadInTheOrderOfTheirNames() throws IOException {
    Path texts = Files.createDirectories(folder.resolve("texts"));
    Files.writeString(texts.resolve("b.txt"), "second");
    Files.writeString(texts.resolve("a.txt"), "first");
    Files.writeString(texts.resolve("c.md"), "third");
    RecordingRun run = run(Map.of("corpus", texts.toString(), "unit", "word"));
    Corpus corpus = Corpus.load(run);
    assertThat(corpus.vocab().decode(corpus.tokens())).isEqualTo("first second");
    assertThat(run.provenance())
        .containsEntry("data.name", "texts")
        .containsEntry("data.folder", texts.toString())
        .containsEntry("data.preprocessing", "word, none");
    // A name may be one in the folder that was given with --data.
    assertThat(Corpus.load(run(Map.of("corpus", "texts")).data(folder)).tokens()).hasSize(11);
  }

  @Test
  void anotherRunsVocabularyIsTakenInsteadOfCounting() throws IOException {
    Vocab vocab = text("hello", Map.of()).vocab();
    Path file = folder.resolve("vocab.json");
    vocab.save(file);
    ArtifactRef input = ArtifactRef.parse("0123456789abcdef0123456789abcdef/vocab.json");
    Path other = Files.writeString(folder.resolve("other.txt"), "hole?");
    Corpus corpus = Corpus.load(run(Map.of("corpus", other.toString())).artifact("vocab", input, file));
    assertThat(corpus.tokens()).containsExactly(1, 4, 3, 2, 0);
    Files.writeString(file, "{}");
    assertThatThrownBy(
            () -> Corpus.load(run(Map.of("corpus", other.toString())).artifact("vocab", input, file)))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("vocab: " + input + " is no vocabulary");
  }

  @Test
  void whatIsNoTextSaysWhatWouldBe() throws IOException {
    refused("nowhere", "is none of auto, time-machine, tiny-shakespeare, wikitext-2, synthetic, and neither a file");
    refused("\u0000", "and no path");
    refused(" ", "corpus is empty; it is one of auto, time-machine,");
    refused(Files.createDirectories(folder.resolve("empty")).toString(), "is a folder without a *.txt file");
    refused(
        Files.writeString(folder.resolve("nothing.txt"), "").toString(),
        "nothing.txt has 0 tokens (char, none), and none to train on");
    refused(
        Files.write(folder.resolve("latin.txt"), "\u00FC".getBytes(StandardCharsets.ISO_8859_1)).toString(),
        "latin.txt is not UTF-8");
  }

  private static void refused(String corpus, String why) {
    assertThatThrownBy(() -> Corpus.load(run(Map.of("corpus", corpus))))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining(why);
  }

  @Test
  void whatIsPublishedIsDownloadedAndChecked() throws IOException {
    byte[] wrong = "not the book".getBytes(StandardCharsets.UTF_8);
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        it -> {
          try (it) {
            it.sendResponseHeaders(200, wrong.length);
            it.getResponseBody().write(wrong);
          }
        });
    server.start();
    String address = "http://localhost:" + server.getAddress().getPort() + "/";
    assumeThat(Places.of(Corpora.SHAKESPEARE, Optional.empty()).find()).as("on this machine").isEmpty();
    System.setProperty("trainyard.tiny-shakespeare.mirrors", address);
    try {
      assertThatThrownBy(() -> Corpus.load(run(Map.of("corpus", "tiny-shakespeare")).data(folder)))
          .isInstanceOf(InvalidDataException.class)
          .hasMessageContaining("tiny Shakespeare is not there: it is not in " + folder)
          .hasMessageContaining(address + "input.txt: what it gave has the SHA-256 " + Fingerprint.of(wrong))
          .hasMessageContaining("--data FOLDER with a folder that holds input.txt or a folder tiny-shakespeare with it")
          .hasMessageContaining("TRAINYARD_DATA=FOLDER");
    } finally {
      System.clearProperty("trainyard.tiny-shakespeare.mirrors");
      server.stop(0);
    }
  }
}
