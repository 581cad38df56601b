package io.trainyard.tests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;

/** A runner that is there and does not run (SIGSTOP): it is shown as unreachable, is not ended, and goes on as if nothing had been. Some 35 s. */
final class StoppedRunner {
  private StoppedRunner() {}

  static void check() {
    try (Yard yard = new Yard(Yard.Layout.LIGHT)) {
      Api api = yard.up();
      KnownRun run = yard.launch(1, new KnownRun.Pace(1_000_000, 300, 5));
      Await.until("it trains", Duration.ofSeconds(30), run::training);
      signal("-STOP", run);
      Await.until(
          () -> "it is unreachable: " + run.now(api), Duration.ofSeconds(60), () -> run.now(api).hasNonNull("unreachable_since"));
      if (!run.state(api).equals("RUNNING")) {
        throw new AssertionError("a run that is unreachable should stay RUNNING, but is " + run.now(api));
      }
      long before = run.truth().done();
      signal("-CONT", run);
      Await.until(
          () -> "it is reachable again: " + run.now(api), Duration.ofSeconds(10), () -> !run.now(api).hasNonNull("unreachable_since"));
      Await.until("it goes on", Duration.ofSeconds(10), () -> run.truth().done() > before + 1_000);
      api.post("/api/v1/runs/" + run.id() + "/stop", 202, java.util.Map.of());
      Await.until(() -> "it stops: " + run.now(api), Duration.ofSeconds(20), () -> run.state(api).equals("STOPPED"));
      JsonNode now = run.now(api);
      if (now.get("lost_points").asLong() != 0) {
        throw new AssertionError("it has lost points: " + now);
      }
      PointCheck.checkEnded(api, run);
      yard.down();
      yard.passed();
    }
  }

  private static void signal(String signal, KnownRun run) {
    try {
      int status = new ProcessBuilder("kill", signal, Long.toString(run.truth().pid())).inheritIO().start().waitFor();
      if (status != 0) {
        throw new AssertionError("kill " + signal + " answers " + status);
      }
    } catch (IOException e) {
      throw new IllegalStateException("there is no kill", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
