package io.trainyard.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class InspectorTest {
  private static final String REST =
      " public TaskSpec spec() { return TaskSpec.of(\"t\", \"A test\"); } public void train(Run run) {}";

  @TempDir Path dir;

  @Test
  void everyKindOfParamIsWrittenAsTheApiHasIt() throws Exception {
    String params =
        "static final Param<?>[] ALL = {"
            + " Param.integer(\"n\", 3, \"how many\").between(1, 9), Param.integer(\"any\", 1, \"a\").required(),"
            + " Param.real(\"rate\", 0.5, \"r\").above(0), Param.flag(\"on\", true, \"f\"), Param.choice(\"way\", \"w\", \"a\", \"b\"),"
            + " Param.text(\"corpus\", \"\", \"c\"), Param.list(Param.real(\"ws\", 0, \"l\"), List.of(2.0, -3.4)).size(1, 100),"
            + " Param.optional(Param.real(\"clip\", 1, \"o\").above(0))}; =>.params(ALL)";
    JsonNode json = inspect(new TestJar().task("T", "t", params, ""));
    assertThat(json.toString())
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
        {"spi":1,"version":"9.9","tasks":[{"id":"t","title":"A test","description":"","unavailable":null,"params":[
        {"name":"n","type":"int","help":"how many","default":3,"min":1,"max":9},
        {"name":"any","type":"int","help":"a","default":null,"min":null,"max":null},
        {"name":"rate","type":"real","help":"r","default":0.5,"min":0.0,"max":null,"min_exclusive":true},
        {"name":"on","type":"flag","help":"f","default":true},
        {"name":"way","type":"choice","help":"w","default":"a","choices":["a","b"]},
        {"name":"corpus","type":"text","help":"c","default":"","max_length":10000},
        {"name":"ws","type":"list","help":"l","default":[2.0,-3.4],"min_size":1,"max_size":100,"element":
        {"name":"ws","type":"real","help":"l","default":0.0,"min":null,"max":null,"min_exclusive":false}},
        {"name":"clip","type":"optional","help":"o","default":null,"required":false,"element":
        {"name":"clip","type":"real","help":"o","default":1.0,"min":0.0,"max":null,"min_exclusive":true}}],
        "metrics":[{"name":"train/loss","goal":"MINIMIZE","timed":false}],"best":null,"predictor":null,"language_model":false,"bands":[]}]}""")
                .toString());
  }

  @Test
  void whatJudgesWhatCanBeAskedAndWhatOthersReachedIsWrittenAsTheApiHasIt() throws Exception {
    TestJar jar =
        new TestJar().service("p.T").source(
            "T",
            "public class T implements Task, Predictor { static final Metric ACC = Metric.maximize(\"test/acc\");"
                + " static final Param.Real RATE = Param.real(\"rate\", 0.5, \"r\");"
                + " static final Param.Maybe<Double> CLIP = Param.optional(Param.real(\"clip\", 0.5, \"c\"));"
                + " static final Param.Many<Long> SIZES = Param.list(Param.integer(\"sizes\", 1, \"s\"), List.of());"
                + " public TaskSpec spec() { return TaskSpec.of(\"t\", \"A test\").params(RATE, CLIP, SIZES)"
                + ".metrics(ACC, Metric.rate(\"speed\")).best(ACC).bands(Band.of(ACC, 0.25, 0.5).at(5).source(\"a book\")"
                + ".when(RATE, 0.1).when(CLIP, Optional.of(1.0)).when(SIZES, List.of(256L))); }"
                + " public Input input() { return new Input(28, 20, 1); }"
                + " public List<Prediction> predict(Run run, List<Exhibit.Picture> pictures) { return List.of(); }"
                + " public void train(Run run) {} }");
    JsonNode task = inspect(jar).at("/tasks/0");
    assertThat(task.path("metrics").toString())
        .isEqualTo(
            "[{\"name\":\"test/acc\",\"goal\":\"MAXIMIZE\",\"timed\":false},"
                + "{\"name\":\"speed\",\"goal\":\"NONE\",\"timed\":true}]");
    assertThat(task.path("best").asText()).isEqualTo("test/acc");
    assertThat(task.path("predictor").toString()).isEqualTo("{\"width\":28,\"height\":20,\"channels\":1}");
    assertThat(task.path("bands").toString())
        .isEqualTo(
            "[{\"metric\":\"test/acc\",\"point\":5,\"low\":0.25,\"high\":0.5,\"source\":\"a book\","
                + "\"when\":{\"clip\":1.0,\"rate\":0.1,\"sizes\":[256]}}]");
  }

  @Test
  void aTaskThatCannotBeLaunchedHereIsListedWithItsReason() throws Exception {
    TestJar jar =
        task(
            "public TaskSpec spec() { return TaskSpec.of(\"t\", \"A test\"); } public void train(Run run) {}"
                + " public Optional<String> unavailable(Optional<Path> data) { return Optional.of(\"no data\"); }");
    assertThat(inspect(jar).at("/tasks/0/unavailable").asText()).isEqualTo("no data");
  }

  @Test
  void aJarOfAnotherSpiIsRefusedBeforeAnyOfItsClassesIsLoaded() throws Exception {
    TestJar jar = new TestJar().spi("2").service("no.such.Class");
    assertThat(error(jar))
        .isEqualTo("p.jar is built for SPI 2; this hub offers SPI 1. Rebuild it with trainyard-spi 1.x.");
  }

  @Test
  void aJarThatDoesNotNameItsSpiIsRefused() throws Exception {
    assertThat(error(new TestJar().spi(null).task("")))
        .isEqualTo("p.jar does not say for which SPI it is built. Add the manifest entry \"Trainyard-Spi: 1\".");
  }

  @Test
  void whatIsNoZipIsRefused() throws Exception {
    Path jar = Files.writeString(dir.resolve("p.jar"), "<html>not found</html>");
    assertThat(read(Child.inspect(jar))).startsWith("p.jar is not a JAR (").contains("Copy it again");
    Files.write(jar, new byte[0]);
    assertThat(read(Child.inspect(jar))).startsWith("p.jar is not a JAR (");
  }

  @Test
  void aZipWithoutAManifestIsRefused() throws Exception {
    Path jar = dir.resolve("p.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("x"));
    }
    assertThat(read(Child.inspect(jar))).contains("does not say for which SPI");
  }

  @Test
  void aJarWithoutTasksIsRefused() throws Exception {
    assertThat(error(new TestJar().noServices())).contains("p.jar offers no task", "META-INF/services");
    assertThat(error(new TestJar())).contains("p.jar offers no task", "names no class");
  }

  @Test
  void aClassThatIsMissingIsNamed() throws Exception {
    assertThat(error(new TestJar().service("no.such.Thing"))).contains("no.such.Thing");
    TestJar jar =
        task(
                "public TaskSpec spec() { return new Helper().spec(); } public void train(Run run) {}")
            .source("Helper", "class Helper { TaskSpec spec() { return TaskSpec.of(\"t\", \"A test\"); } }")
            .leaveOut("p.Helper");
    assertThat(error(jar)).contains("p.jar needs the class p.Helper", "Shade");
  }

  @Test
  void twoTasksOfOneIdAreRefused() throws Exception {
    assertThat(error(new TestJar().task("A", "same", "", "").task("B", "same", "", "")))
        .isEqualTo("p.jar offers two tasks with the id \"same\". Give one of them another id.");
  }

  @Test
  void whatIsNoTaskIsRefused() throws Exception {
    assertThat(error(new TestJar().service("p.X").source("X", "public class X {}")))
        .contains("does not name its tasks rightly", "p.X");
  }

  @Test
  void aStaticInitializerThatThrowsIsTold() throws Exception {
    assertThat(error(task("static { if (true) throw new IllegalStateException(\"boom\"); }" + REST)))
        .isEqualTo("p.jar cannot be initialized: boom (IllegalStateException). Mend its static initializer and rebuild.");
  }

  @Test
  void aConstructorThatThrowsIsTold() throws Exception {
    assertThat(error(task("public T() { throw new IllegalStateException(\"boom\"); }" + REST)))
        .isEqualTo("p.jar cannot make an instance of its task: boom (IllegalStateException). Mend its constructor and rebuild.");
  }

  @Test
  void aSpecThatThrowsIsToldWithItsRule() throws Exception {
    String bad = "public TaskSpec spec() { return TaskSpec.of(\"Not An Id\", \"A test\"); } public void train(Run run) {}";
    assertThat(error(task(bad))).startsWith("p.jar: spec() of p.T fails: task id \"Not An Id\" must start");
  }

  @Test
  void systemExitIsTold() throws Exception {
    assertThat(error(task("public T() { System.exit(5); }" + REST))).contains("p.jar calls System.exit");
  }

  @Test
  void classesOfANewerJavaAreTold() throws Exception {
    Path jar = new TestJar().task("").build(dir.resolve("p.jar"));
    // The class file is deflated: write it anew, with its major version raised.
    Path newer = dir.resolve("newer.jar");
    try (JarFile from = new JarFile(jar.toFile());
        JarOutputStream to =
            new JarOutputStream(Files.newOutputStream(newer), from.getManifest())) {
      for (var entry : Collections.list(from.entries())) {
        if (!entry.getName().equals("META-INF/MANIFEST.MF")) {
          byte[] content = from.getInputStream(entry).readAllBytes();
          if (entry.getName().endsWith(".class")) {
            content[7] = (byte) 200;
          }
          to.putNextEntry(new ZipEntry(entry.getName()));
          to.write(content);
        }
      }
    }
    assertThat(read(Child.inspect(newer))).contains("newer.jar is compiled for a newer Java", "--release 17");
  }

  private static TestJar task(String members) {
    return new TestJar().service("p.T").source("T", "public class T implements Task { " + members + " }");
  }

  private String error(TestJar jar) throws Exception {
    return read(Child.inspect(jar.build(dir.resolve("p.jar"))));
  }

  private JsonNode inspect(TestJar jar) throws Exception {
    return new ObjectMapper().readTree(Child.inspect(jar.build(dir.resolve("p.jar"))));
  }

  private static String read(String json) throws Exception {
    JsonNode tree = new ObjectMapper().readTree(json);
    assertThat(tree.has("error")).as(json).isTrue();
    return tree.path("error").asText();
  }
}
