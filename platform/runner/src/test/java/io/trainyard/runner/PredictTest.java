package io.trainyard.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Questions to the model of a real plugin, in a process of their own. */
@Timeout(120)
final class PredictTest {
  private static final String RESTORE =
      "run.resumable(new State() { public void save(Path f) {}"
          + " public void restore(Path f) throws java.io.IOException { w = Double.parseDouble(Files.readString(f)); } });";

  /** Answers by the brightness of the first pixel, and logs, which goes nowhere. */
  private static final String PREDICT =
      "run.log(Metric.of(\"x\"), 1, 2); run.provenance(\"a\", \"b\"); run.show(\"s\", 1, new Exhibit.Text(\"\"));"
          + " List<Prediction> all = new ArrayList<>(); for (Exhibit.Picture p : pictures) {"
          + "   double bright = (p.pixels()[0] & 255) / 255.0 * w * run.get(SCALE);"
          + "   all.add(new Prediction(List.of(new Score(\"bright\", bright), new Score(\"dark\", 1 - bright)))); }"
          + " return all;";

  @TempDir Path dir;

  @Test
  void aTrainedModelAnswersForEachPicture() throws Exception {
    List<Path> images = List.of(picture("a.png", 51), picture("b.jpg", 102));
    JsonNode answer = ask(plugin(RESTORE + PREDICT), images, Map.of("params", Map.of("scale", 2)));
    assertThat(answer.has("error")).as(answer.toString()).isFalse();
    JsonNode first = answer.at("/predictions/0");
    assertThat(first.path("scores").toString())
        .isEqualTo("[{\"label\":\"bright\",\"probability\":0.2},{\"label\":\"dark\",\"probability\":0.8}]");
    JsonNode picture = first.path("picture");
    assertThat(picture.path("width") + " " + picture.path("height") + " " + picture.path("channels")).isEqualTo("2 3 1");
    assertThat(Base64.getDecoder().decode(picture.path("pixels").asText())).containsOnly(51);
    assertThat(picture.path("caption").asText()).isEmpty();
    assertThat(answer.at("/predictions/1/scores/0/probability").asDouble()).isEqualTo(0.4);
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left.map(it -> it.getFileName().toString())).noneMatch(it -> it.endsWith(".tmp") || it.endsWith(".seg"));
    }
  }

  @Test
  void whatIsWrongIsASentence() throws Exception {
    List<Path> images = List.of(picture("a.png", 51));
    Path text = Files.writeString(dir.resolve("t.png"), "no picture");
    assertThat(error(RESTORE + PREDICT, List.of(text), Map.of())).startsWith("Picture 1 is neither PNG nor");
    assertThat(error(PREDICT, images, Map.of()))
        .startsWith("The task t answers without calling run.resumable, so its model is not the trained one.");
    assertThat(error(RESTORE + " return List.of();", images, Map.of())).startsWith("The task t gave 0 answers for 1 pictures");
    assertThat(error("throw new IllegalStateException(\"no luck\");", images, Map.of()))
        .isEqualTo("The task t cannot answer: no luck (IllegalStateException).");
    assertThat(error("run.epochs(1); return null;", images, Map.of())).contains("it must not train");
    assertThat(error("System.exit(0); return null;", images, Map.of()))
        .isEqualTo("The task ended its process instead of answering.");
    assertThat(error(RESTORE + PREDICT, images, Map.of("params", Map.of("scale", "x")))).contains("scale must be a finite");
    Path missing = dir.resolve("missing.npz");
    assertThat(error(RESTORE + PREDICT, images, Map.of("checkpoint", Map.of("file", missing.toString()))))
        .contains("missing.npz (NoSuchFileException)");
    assertThat(error(RESTORE + PREDICT, images, Map.of("plugin_sha256", "00"))).contains("pinned to 00");
    assertThat(error(RESTORE + PREDICT, images, Map.of("task", "u"))).isEqualTo("p.jar has no task \"u\", only t.");
  }

  @Test
  void aTaskWithoutAModelToAskSaysSo() throws Exception {
    JsonNode answer = ask(new TestJar().task(""), List.of(picture("a.png", 5)), Map.of());
    assertThat(answer.path("error").asText())
        .isEqualTo("The task t has no model that can be asked: it does not implement Predictor.");
  }

  private static TestJar plugin(String predict) {
    return new TestJar().service("p.T").source(
        "T",
        "public class T implements Task, Predictor { static final Param.Real SCALE = Param.real(\"scale\", 1, \"\");"
            + " double w; public TaskSpec spec() { return TaskSpec.of(\"t\", \"A test\").params(SCALE); }"
            + " public void train(Run run) {} public Input input() { return new Input(2, 3, 1); }"
            + " public List<Prediction> predict(Run run, List<Exhibit.Picture> pictures) throws Exception { "
            + predict
            + " } }");
  }

  private String error(String predict, List<Path> images, Map<String, ?> other) throws Exception {
    JsonNode answer = ask(plugin(predict), images, other);
    assertThat(answer.has("predictions")).as(answer.toString()).isFalse();
    return answer.path("error").asText();
  }

  private JsonNode ask(TestJar jar, List<Path> images, Map<String, ?> other) throws Exception {
    Path answer = dir.resolve("answer.json");
    Files.deleteIfExists(answer);
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("mode", "predict");
    question.put("checkpoint", Map.of("file", Files.writeString(dir.resolve("w.npz"), "0.5").toString(), "step", 7));
    question.put("images", images.stream().map(Path::toString).toList());
    question.put("answer", answer.toString());
    question.putAll(other);
    try (Child child = Child.runner(dir, false)) {
      child.assign(jar.build(dir.resolve("p.jar")), Map.of(), question);
      assertThat(child.await()).as(child.output()).isZero();
    }
    return Json.MAPPER.readTree(answer.toFile());
  }

  private Path picture(String name, int grey) throws Exception {
    BufferedImage image = new BufferedImage(20, 30, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 600; i++) {
      image.getRaster().setSample(i % 20, i / 20, 0, grey);
    }
    Path file = dir.resolve(name);
    assertThat(ImageIO.write(image, name.substring(name.indexOf('.') + 1), file.toFile())).isTrue();
    return file;
  }
}
