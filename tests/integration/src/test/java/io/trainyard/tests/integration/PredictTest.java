package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.Program.Result;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trained run is asked about pictures, by the API and by the command. */
final class PredictTest {
  @TempDir static Path folder;
  private static LiveHub hub;
  private static Program program;
  private static String id;

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("java.awt.headless", "true");
    Path home = folder.resolve("home");
    Lab.install(home);
    Walk.install(home);
    hub = LiveHub.up(home);
    program = Program.at(home);
    id = hub.launch(Walk.TASK, Map.of("epochs", 2));
    assertThat(hub.untilEnd(id).path("state").asText()).isEqualTo("FINISHED");
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  /** One half light and one dark, so that nothing has to be turned into its negative. */
  private static byte[] picture(String format, int light) throws IOException {
    BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    for (int y = 10; y < 30; y++) {
      for (int x = 10; x < 10 + light; x++) {
        image.setRGB(x, y, Color.WHITE.getRGB());
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }

  private static Api.Answer ask(String run, List<byte[]> images) throws Exception {
    List<String> encoded = images.stream().map(it -> Base64.getEncoder().encodeToString(it)).toList();
    return hub.api().post("/api/v1/runs/" + run + "/predict", Map.of("images", encoded));
  }

  @Test
  void picturesOfEachFormatAreAnsweredInTheirOrder() throws Exception {
    JsonNode answer =
        ask(id, List.of(picture("png", 20), picture("jpg", 0), picture("gif", 20), picture("bmp", 0))).is(200).json();
    assertThat(answer.path("predictions")).hasSize(4);
    double light = answer.at("/predictions/0/scores/1/probability").asDouble();
    assertThat(light).as("a quarter of the picture").isBetween(0.2, 0.3);
    assertThat(answer.at("/predictions/2/scores/1/probability").asDouble()).isBetween(0.2, 0.3);
    assertThat(answer.at("/predictions/1/scores/1/probability").asDouble()).isLessThan(0.05);
    assertThat(answer.at("/predictions/0/picture/width").asInt()).isEqualTo(2);
    assertThat(Base64.getDecoder().decode(answer.at("/predictions/0/picture/pixels").asText())).hasSize(4);
    // The state that it answers with is the one that was saved.
    String where = answer.at("/predictions/0/scores/2/label").asText();
    assertThat(where).isNotEqualTo("at 0.0");
    assertThat(answer.path("checkpoint").path("role").asText()).isEqualTo("best");
  }

  @Test
  void theCommandPrintsATableAndTheCheckpoint() throws Exception {
    Path one = Files.write(folder.resolve("one.png"), picture("png", 20));
    Path two = Files.write(folder.resolve("two.jpg"), picture("jpg", 0));
    Result result = program.run("predict", id.substring(0, 8), one.toString(), two.toString(), "--checkpoint", "last");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.lines().get(0)).matches("FILE +CLASS +PROBABILITY +SECOND +THIRD");
    assertThat(result.lines().get(1))
        .contains(one.toString())
        .containsPattern("dark +7\\d\\.\\d % +bright 2\\d\\.\\d %");
    assertThat(result.err()).contains("checkpoints/last.npz");
    JsonNode json = program.run("predict", id, one.toString(), "--json").json();
    assertThat(json.at("/predictions/0/scores")).hasSize(3);
  }

  @Test
  void whatIsNoPictureIsNamed() throws Exception {
    byte[] good = picture("png", 20);
    Api.Answer text = ask(id, List.of(good, "hello".getBytes(StandardCharsets.UTF_8)));
    assertThat(text.badFields()).containsExactly("images.2");
    byte[] torn = Arrays.copyOf(good, 40);
    assertThat(ask(id, List.of(good, torn)).problem(409).path("detail").asText()).contains("Picture 2 cannot be read");
    assertThat(ask(id, Collections.nCopies(17, good)).badFields()).containsExactly("images");
    assertThat(ask(id, List.of()).badFields()).containsExactly("images");

    Path readable = Files.write(folder.resolve("good.png"), good);
    Path tornFile = Files.write(folder.resolve("torn.png"), torn);
    Path textFile = Files.writeString(folder.resolve("hello.txt"), "hello");
    Result damaged = program.run("predict", id, readable.toString(), tornFile.toString());
    assertThat(damaged.exit()).isEqualTo(2);
    assertThat(damaged.err()).contains(tornFile + " cannot be read");
    Result noPicture = program.run("predict", id, textFile.toString());
    assertThat(noPicture.exit()).isEqualTo(2);
    assertThat(noPicture.err()).contains(textFile + " is no picture");
    Result nothing = program.run("predict", id, "nothing.png");
    assertThat(nothing.exit()).isEqualTo(2);
    assertThat(nothing.err()).contains("there is no file nothing.png");
    assertThat(program.run("predict", id).exit()).isEqualTo(2);
  }

  @Test
  void aTaskWithoutAModelOrARunWithoutACheckpointSaysSo() throws Exception {
    String lab = hub.launch(Lab.TASK, Map.of("steps", 3));
    hub.untilEnd(lab);
    assertThat(ask(lab, List.of(picture("png", 5))).problem(409).path("detail").asText())
        .contains("the task lab offers no prediction");
    Map<String, Object> never =
        Map.of("task", Walk.TASK, "params", Map.of("epochs", 1), "options", Map.of("checkpoint_every", "never"));
    String without = hub.api().post("/api/v1/experiments/0/runs", never).is(201).json().path("id").asText();
    hub.untilEnd(without);
    assertThat(ask(without, List.of(picture("png", 5))).problem(409).path("detail").asText()).contains("no checkpoint");
    Path one = Files.write(folder.resolve("some.png"), picture("png", 20));
    assertThat(program.run("predict", without, one.toString()).err()).contains("checkpoint_every is never");
    hub.stranger().post("/api/v1/runs/" + id + "/predict", Map.of("images", List.of())).problem(401);
  }
}
