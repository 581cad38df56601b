package io.trainyard.tests.benchmarks;

import io.trainyard.spi.Task;
import io.trainyard.testkit.RecordingRun;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Locale;
import java.util.ServiceLoader;

/** Runs {@code text-preprocessing} in a JVM of its own and prints what it took, as JSON; the main thread does it. */
public final class TextReading {
  private TextReading() {}

  /** A file and a unit. */
  public static void main(String[] args) throws Exception {
    Task task =
        ServiceLoader.load(Task.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(it -> it.spec().id().equals("text-preprocessing"))
            .findFirst()
            .orElseThrow();
    long start = System.nanoTime();
    RecordingRun run = new RecordingRun(task).param("corpus", args[0]).param("unit", args[1]).train();
    double seconds = (System.nanoTime() - start) / 1e9;
    long heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(it -> it.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(it -> it.getUsed())
            .sum();
    System.out.printf(
        Locale.ROOT,
        "{\"tokens\": %.0f, \"distinct\": %.0f, \"seconds\": %.3f, \"heap\": %d}%n",
        run.last("text/tokens"),
        run.last("text/distinct"),
        seconds,
        heap);
  }
}
