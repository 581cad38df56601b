package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Something is missing or damaged: commands say what, and end with the status that scripts rely on. */
final class BrokenInstallationTest {
  @TempDir Path folder;

  @Test
  void withoutTensorFlowBesideItTheDoctorSaysHowToGetIt() throws Exception {
    Path jar = Files.copy(Program.dist().resolve("trainyard.jar"), folder.resolve("trainyard.jar"));
    Path out = folder.resolve("out");
    Process process =
        Program.process(jar, folder, List.of("doctor", "--home", folder.resolve("home").toString()))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(6);
    assertThat(Files.readString(out)).containsPattern("NO +TensorFlow").contains("./trainyard build")
        .contains("2 missing.");
  }

  @Test
  void aFlippedBitIsNamedByVerify() throws Exception {
    Path home = folder.resolve("home");
    String id;
    try (LiveHub hub = LiveHub.up(home, "--slots", "0")) {
      id = hub.stranger().post("/api/v1/experiments/0/tracked-runs", Map.of()).is(201).json().path("id").asText();
      int[] steps = java.util.stream.IntStream.range(0, 20_000).toArray();
      Map<String, Object> series =
          Map.of("name", "a", "steps", steps, "values", new Random(1).doubles(20_000).toArray());
      hub.stranger().post("/api/v1/runs/" + id + "/points", Map.of("series", List.of(series))).is(200);
      Eventually.that("a sealed chunk", 20, () -> !chunks(home).isEmpty());
      hub.stop();
    }
    assertThat(Program.at(home).run("verify").exit()).isZero();

    Path chunk = chunks(home).get(0);
    try (RandomAccessFile file = new RandomAccessFile(chunk.toFile(), "rw")) {
      long middle = file.length() / 2;
      file.seek(middle);
      int old = file.read();
      file.seek(middle);
      file.write(old ^ 0x10);
    }
    Program.Result verify = Program.at(home).run("verify", "--json");
    assertThat(verify.exit()).as(verify.out() + verify.err()).isEqualTo(5);
    JsonNode problems = verify.json().path("problems");
    assertThat(problems.isEmpty()).isFalse();
    assertThat(problems.toString()).contains(chunk.getFileName().toString());
  }

  private static List<Path> chunks(Path home) throws Exception {
    Path folder = home.resolve("chunks");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).filter(file -> file.toFile().length() > 5_000).sorted().toList();
    }
  }
}
