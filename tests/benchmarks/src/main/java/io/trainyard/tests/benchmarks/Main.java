package io.trainyard.tests.benchmarks;

import java.util.Map;

/** Runs one benchmark by its name; see the script beside the sources. */
public final class Main {
  private interface Benchmark {
    void run(Options options) throws Exception;
  }

  /**
   * @param repeat what is printed is the median of so many
   * @param seconds of sustained load
   * @param only of the trainings beside PyTorch those whose title has this in it
   */
  record Options(int repeat, int seconds, String only) {}

  private static final Map<String, Benchmark> ALL =
      Map.of(
          "log", LogCost::run,
          "ingest", Ingest::run,
          "buckets", BucketLatency::run,
          "size", FolderSize::run,
          "ready", Readiness::run,
          "tracking", TrackingCost::run,
          "start", StartLatency::run,
          "text", TextThroughput::run,
          "peers", Peers::run,
          "language", Language::run);

  private Main() {}

  public static void main(String[] args) throws Exception {
    Benchmark benchmark = args.length == 0 ? null : ALL.get(args[0]);
    if (benchmark == null) {
      System.err.println("There is no such benchmark; there are " + ALL.keySet() + ".");
      System.exit(2);
      return;
    }
    int repeat = 5;
    int seconds = 60;
    String only = "";
    for (int i = 1; i + 1 < args.length; i += 2) {
      switch (args[i]) {
        case "--repeat" -> repeat = Integer.parseInt(args[i + 1]);
        case "--seconds" -> seconds = Integer.parseInt(args[i + 1]);
        case "--only" -> only = args[i + 1];
        default ->
            throw new IllegalArgumentException(
                "There is no option " + args[i] + "; there are --repeat, --seconds and --only.");
      }
    }
    System.out.println("## " + args[0]);
    System.out.println(Calibration.line());
    benchmark.run(new Options(repeat, seconds, only));
    System.out.println(Calibration.line());
    System.out.println();
    // Threads that a benchmark left waiting must not keep the next one from its turn.
    System.exit(0);
  }
}
