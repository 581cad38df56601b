package io.trainyard.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Tells a process from a later one with the same number; for any thread. */
public final class Pids {
  private Pids() {}

  /**
   * A number that, with the pid, names a process: 0 when there is no such process.
   *
   * <p>On Linux the ticks from boot to its start, as the kernel keeps them. {@link ProcessHandle.Info#startInstant} is
   * computed from the wall clock's idea of the boot time, which moves by a second when the clock is adjusted: good
   * enough elsewhere only.
   */
  public static long startOf(long pid) {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    try {
      String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
      // The name of the process, in parentheses, may hold spaces and parentheses; what follows has neither.
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
      boolean zombie = fields[0].equals("Z") || fields[0].equals("X");
      return zombie ? 0 : Long.parseLong(fields[19]);
    } catch (IOException | RuntimeException notThere) {
      return Files.isDirectory(Path.of("/proc/self"))
          ? 0
          : ProcessHandle.of(pid).flatMap(it -> it.info().startInstant()).map(Instant::toEpochMilli).orElse(0L);
    }
  }

  /** Whether the process that had this pid and start is still there. */
  public static boolean alive(long pid, long start) {
    return pid > 0 && start != 0 && startOf(pid) == start;
  }
}
