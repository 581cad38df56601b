package io.trainyard.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.run.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The view is an index, and not the truth: without it every answer stays the same, to the byte. */
final class ViewDeletedTest {
  @Test
  void everyAnswerStaysTheSameWhenTheViewIsDeleted() throws IOException {
    try (Yard yard = new Yard(Yard.Layout.LIGHT)) {
      Map<String, String> before = fill(yard);
      yard.down();
      for (Path view : view(yard.home())) {
        Trees.delete(view);
      }
      yard.up();
      same(before, Questions.askAll(yard.api()), "after view.db was deleted");
      yard.verify();
      yard.down();
      yard.passed();
    }
  }

  @Test
  void everyAnswerStaysTheSameWhenTheHubIsKilledAndTheViewDeleted() throws IOException {
    try (Yard yard = new Yard(Yard.Layout.LIGHT)) {
      Map<String, String> before = fill(yard);
      yard.hub().kill9();
      for (Path view : view(yard.home())) {
        Trees.delete(view);
      }
      yard.up();
      same(before, Questions.askAll(yard.api()), "after a kill, without view.db");
      yard.hub().kill9();
      yard.up();
      same(before, Questions.askAll(yard.api()), "after a second kill");
      yard.down();
      yard.passed();
    }
  }

  /** Experiments, runs that ended in several ways, tags, notes, hidden things; answers what the API says of them. */
  private static Map<String, String> fill(Yard yard) {
    Api api = yard.up();
    api.post("/api/v1/experiments", 201, Map.of("name", "Other", "tags", Map.of("a", "b")));
    List<KnownRun> runs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      runs.add(yard.launch(i, new KnownRun.Pace(1500 + 700 * i, 3000, 1 + 10 * i)));
    }
    Await.until("a run trains", Duration.ofSeconds(30), () -> runs.get(0).training());
    api.post("/api/v1/runs/" + runs.get(2).id() + "/stop", 202, Map.of());
    runs.forEach(
        run ->
            Await.until(
                () -> "run " + run.id() + " ends: " + run.now(api),
                Duration.ofSeconds(30),
                () -> run.now(api).hasNonNull("ended_at") && !run.now(api).get("draining").asBoolean()));
    // Its output arrives a moment after its end.
    Await.until("all output has arrived", Duration.ofSeconds(10), () -> spools(yard) == 0);
    return Questions.askAll(api);
  }

  private static long spools(Yard yard) {
    try (Stream<Path> left = Files.list(yard.home().resolve("spool"))) {
      return left.count();
    } catch (IOException none) {
      return 0;
    }
  }

  private static List<Path> view(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      List<Path> found = files.filter(file -> file.getFileName().toString().startsWith("view")).toList();
      assertThat(found).as("the view's files in the data folder").isNotEmpty();
      return found;
    }
  }

  private static void same(Map<String, String> before, Map<String, String> after, String when) {
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((question, answer) -> assertThat(after.get(question)).as("%s, %s", question, when).isEqualTo(answer));
  }
}
