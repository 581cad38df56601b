package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trainyard demo}: all tasks that can train here do so, and of the others it is said why they do not. */
final class DemoTest {
  @TempDir Path folder;

  @Test
  void everyTaskThatHasItsDataTrainsAndTheOthersAreNamedWithTheReason() throws Exception {
    Path home = folder.resolve("home");
    String source =
        """
        package absent;

        import io.trainyard.spi.*;
        import java.nio.file.*;
        import java.util.*;

        public final class Absent implements Task {
          @Override
          public TaskSpec spec() {
            return TaskSpec.of("absent", "Absent");
          }

          @Override
          public Optional<String> unavailable(Optional<Path> data) {
            return Optional.of("Its corpus is not there: apt-get install corpus.");
          }

          @Override
          public void train(Run run) {}
        }
        """;
    PluginJar.of("absent.Absent", source).into(home.resolve("plugins"), "absent.jar");
    Path out = folder.resolve("demo.out");
    Process demo =
        Program.process(folder, List.of("demo", "--port", "18080", "--home", home.toString()))
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("demo.err").toFile())
            .start();
    try {
      Eventually.that("its hub", 30, () -> Files.exists(home.resolve("hub.json")));
      JsonNode file = Program.JSON.readTree(home.resolve("hub.json").toFile());
      Api api = new Api(java.net.URI.create(file.path("url").asText()), Map.of());
      List<String> expected = new ArrayList<>();
      for (JsonNode task : api.get("/api/v1/tasks").is(200).json().path("tasks")) {
        String id = task.path("id").asText();
        if (task.path("available").asBoolean()) {
          expected.add(id);
        }
        if (id.equals("linreg")) {
          expected.add(id);
        }
      }
      assertThat(expected).contains("linreg").doesNotContain("absent");
      JsonNode runs =
          Eventually.get(
              "all runs",
              30,
              () -> {
                JsonNode all = api.get("/api/v1/runs").is(200).json();
                return Optional.of(all).filter(it -> it.path("total").asInt() == expected.size());
              });
      assertThat(runs.path("runs").findValuesAsText("task")).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(runs.path("runs").findValuesAsText("experiment")).containsOnly("Demo");
      Eventually.that("its words", 30, () -> Files.readString(out).contains("absent is left out"));
      assertThat(out).content().contains("/login?key=").contains("Its corpus is not there: apt-get install corpus.");
    } finally {
      List<ProcessHandle> left = demo.descendants().toList();
      demo.destroy();
      if (!demo.waitFor(40, TimeUnit.SECONDS)) {
        demo.destroyForcibly();
      }
      left.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
