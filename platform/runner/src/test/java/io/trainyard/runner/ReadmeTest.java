package io.trainyard.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.spi.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Does what plugins/README.md tells a reader to do. */
@Timeout(120)
final class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)```(java|bash)\n(.*?)```");

  @TempDir Path dir;

  @Test
  void thePluginOfTheReadmeIsBuiltFoundTrainedAndTested() throws Exception {
    String readme = Files.readString(Path.of("../../plugins/README.md"));
    List<String> blocks = BLOCK.matcher(readme).results().map(it -> it.group(2)).toList();
    assertThat(blocks).hasSize(3);
    Path source = Files.createDirectories(dir.resolve("demo")).resolve("Guess.java");
    Files.writeString(source, blocks.get(0));
    Path plugins = Files.createDirectories(dir.resolve("home/plugins"));

    ProcessBuilder bash = new ProcessBuilder("bash", "-e", "-c", blocks.get(1)).directory(dir.toFile()).inheritIO();
    bash.environment().put("SPI", Path.of(Task.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    bash.environment().put("TRAINYARD_HOME", dir.resolve("home").toString());
    bash.environment().merge("PATH", System.getProperty("java.home") + "/bin", (old, java) -> java + ":" + old);
    assertThat(bash.start().waitFor()).isZero();

    Path jar = plugins.resolve("guess.jar");
    assertThat(Child.inspect(jar)).contains("\"id\":\"guess\"", "learning_rate");
    try (Child child = Child.runner(dir, false)) {
      Child.Spooled spooled = child.assign(jar, Map.of("learning_rate", 0.05), Map.of("task", "guess")).spooled();
      assertThat(spooled.end).isEqualTo("FINISHED");
      assertThat(spooled.series.get("train/loss")).hasSize(500);
    }
    compiles(blocks.get(2));
  }

  /** The test of the page: it is compiled against the testkit, with the imports that a page leaves out. */
  private void compiles(String test) throws Exception {
    Matcher name = Pattern.compile("class (\\w+)").matcher(test);
    assertThat(name.find()).isTrue();
    Path file = dir.resolve("demo/" + name.group(1) + ".java");
    Files.writeString(
        file,
        "package demo; import io.trainyard.spi.*; import io.trainyard.testkit.*; import java.util.*; import org.junit.jupiter.api.*;"
            + " import static org.junit.jupiter.api.Assertions.*;\n" + test);
    String classPath = System.getProperty("java.class.path") + ":" + dir.resolve("classes");
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", dir.resolve("classes").toString(), "-cp", classPath, file.toString());
    assertThat(compiled).isZero();
  }
}
