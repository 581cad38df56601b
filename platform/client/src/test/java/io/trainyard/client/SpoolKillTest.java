package io.trainyard.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class SpoolKillTest {
  private static final int KILLS = Integer.getInteger("trainyard.kills", 8);

  @TempDir Path dir;

  @Test
  void everyPointThatAProcessCountedBeforeItWasKilledIsRead() throws Exception {
    Random random = new Random();
    for (int kill = 0; kill < KILLS; kill++) {
      Path spool = dir.resolve("k" + kill);
      Process child = start(spool);
      Control control = Control.open(spool);
      while (control.logged() == 0) {
        assertThat(child.isAlive()).isTrue();
        Thread.sleep(1);
      }
      TimeUnit.MICROSECONDS.sleep(random.nextInt(300_000));
      child.destroyForcibly().waitFor();

      long counted = control.logged();
      long[] next = new long[3];
      long[] shown = new long[1];
      try (SpoolReader reader = SpoolReader.open(spool, 0)) {
        SpoolReader.Visitor check =
            new SpoolReader.Visitor() {
              @Override
              public void point(String series, long step, long ms, double value) {
                int thread = series.charAt(1) - '0';
                assertThat(step == next[thread] && value == step * 0.5 && ms == step).isTrue();
                next[thread]++;
              }

              @Override
              public void block(String series, long firstStep, long ms, float[] values, int count) {
                assertThat(firstStep).isEqualTo(next[2]);
                for (int i = 0; i < count; i++) {
                  assertThat(values[i]).isEqualTo((float) (firstStep + i));
                }
                next[2] += count;
              }

              @Override
              public void exhibit(long position, String name, long step, long ms, byte[] json) {
                assertThat(step).isEqualTo(shown[0]++);
                assertThat(json).isEqualTo(Child.json(step));
              }

              @Override
              public void damaged(long position, String what) {
                throw new AssertionError(what);
              }
            };
        long read = 0;
        long before;
        do {
          before = reader.position();
          read += reader.poll(check, 100_000);
        } while (reader.position() != before);
        // The record that was being counted when the process died may be there too: one of at most 100 points.
        assertThat(read).isBetween(counted, counted + 100);
        assertThat(reader.atEnd()).isFalse();
        assertThat(Pids.alive(control.pid(), control.pidStart())).isFalse();
      }
      deleteAll(spool);
    }
  }

  private static void deleteAll(Path spool) throws Exception {
    try (var files = Files.list(spool)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private static Process start(Path spool) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            spool.toString())
        .inheritIO()
        .start();
  }

  /** Logs from three threads, and shows from a fourth, until it is killed. */
  static final class Child {
    private Child() {}

    static byte[] json(long step) {
      byte[] json = new byte[(int) (step * 7919 % 3000)];
      Arrays.fill(json, (byte) step);
      return json;
    }

    public static void main(String[] args) {
      SpoolWriter writer = SpoolWriter.open(Path.of(args[0]), SpoolWriter.DEFAULT_LIMIT, 64 << 10, 1 << 20);
      for (int t = 0; t < 2; t++) {
        int series = writer.series("t" + t);
        new Thread(
                () -> {
                  for (long i = 0; ; i++) {
                    writer.point(series, i, i, i * 0.5);
                  }
                })
            .start();
      }
      new Thread(
              () -> {
                for (long i = 0; ; i++) {
                  writer.exhibit("e", i, i, json(i));
                }
              })
          .start();
      int series = writer.series("t2");
      float[] values = new float[100];
      for (long i = 0; ; i += values.length) {
        for (int k = 0; k < values.length; k++) {
          values[k] = i + k;
        }
        writer.block(series, i, values.length, i, values, 0);
      }
    }
  }
}
