package io.trainyard.tests.benchmarks;

import io.trainyard.runner.RunLog;
import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What {@code run.log} costs, by JMH: each fork is one of the repeats. */
final class LogCost {
  private LogCost() {}

  static void run(Main.Options options) throws Exception {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(RunLog.class.getName() + ".*")
                    .forks(options.repeat())
                    .addProfiler(GCProfiler.class)
                    .jvmArgsAppend(
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-Dtrainyard.scratch=" + System.getProperty("trainyard.scratch"))
                    .verbosity(VerboseMode.SILENT)
                    .shouldFailOnError(true)
                    .build())
            .run();
    Figures.head(
        "run.log",
        "spool on",
        "ns a point, median of " + options.repeat() + " forks",
        "forks",
        "bytes allocated a point");
    for (RunResult result : results) {
      Collection<BenchmarkResult> forks = result.getBenchmarkResults();
      double[] nanos = forks.stream().mapToDouble(fork -> fork.getPrimaryResult().getScore()).toArray();
      double[] bytes =
          forks.stream()
              .mapToDouble(fork -> fork.getSecondaryResults().get("gc.alloc.rate.norm").getScore())
              .toArray();
      StringBuilder each = new StringBuilder();
      for (double nano : nanos) {
        each.append(each.isEmpty() ? "" : ", ").append(Figures.format("%.1f", nano));
      }
      String label = result.getPrimaryResult().getLabel();
      Figures.row(
          label,
          result.getParams().getParam("spoolOn"),
          Figures.format("**%.1f**", Figures.median(nanos)),
          each.toString(),
          Figures.format("%.4f", Figures.median(bytes)));
    }
    System.out.println(
        "With the clock read, in the mapped spool, one thread. What remains of allocation is the JVM's own and the next"
            + " segments'.");
  }
}
