package io.trainyard.tests.crash;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Kills the hub while it starts a runner: once a launch was answered with 201, the run comes to its end, whatever the hub had come to. */
final class LaunchKills {
  private LaunchKills() {}

  static void run(int times, long seed) {
    Random random = new Random(seed);
    try (Yard yard = new Yard(Yard.Layout.LIGHT)) {
      yard.up();
      for (int i = 0; i < times; i++) {
        KnownRun run = yard.launch(random.nextLong(), new KnownRun.Pace(200, 1000, 7));
        Path spool = yard.home().resolve("spool").resolve(run.id());
        switch (i % 4) {
          case 0 -> spinUntilThere(spool);
          case 1 -> spinUntilThere(spool.resolve("1").resolve("runner.json"));
          case 2 -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(60)));
          default -> Thread.onSpinWait();
        }
        yard.hub().kill9();
        yard.up();
        Await.until(
            () -> "the run that was being started comes to its end: " + run.now(yard.api()),
            Duration.ofSeconds(40),
            () -> run.now(yard.api()).hasNonNull("ended_at") && !run.now(yard.api()).get("draining").asBoolean());
        if (!run.state(yard.api()).equals("FINISHED")) {
          throw new AssertionError("the hub was killed while it started its runner, and the run is " + run.now(yard.api()));
        }
        PointCheck.checkEnded(yard.api(), run);
      }
      yard.down();
      yard.passed();
    }
  }

  private static void spinUntilThere(Path path) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (!Files.exists(path) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }
}
