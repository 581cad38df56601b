package io.trainyard.tests.learning;

import io.trainyard.testkit.RecordingRun;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains every published setting, or those that are named, with some seeds and prints what it reached, as a table for
 * the docs. The main thread does it all; the process ends with 1 if a figure is outside of its band.
 */
public final class Main {
  private Main() {}

  /** The number of seeds, 3 unless given; then texts, of which a setting must have one in its name. */
  public static void main(String[] args) throws Exception {
    boolean counted = args.length > 0 && args[0].matches("[1-9]\\d*");
    int seeds = counted ? Integer.parseInt(args[0]) : 3;
    List<String> named = List.of(args).subList(counted ? 1 : 0, args.length);
    List<Setting> settings =
        Setting.all().stream()
            .filter(it -> named.isEmpty() || named.stream().anyMatch(it.name()::contains))
            .toList();
    if (settings.isEmpty()) {
      System.err.println("No setting has " + named + " in its name. There are:");
      Setting.all().forEach(it -> System.err.println("  " + it.name()));
      System.exit(2);
    }
    PrintStream out = System.out;
    out.println("| setting | figure | published | band | reached, seeds 1 to " + seeds + " | |");
    out.println("|---|---|---|---|---|---|");
    boolean all = true;
    for (Setting setting : settings) {
      List<RecordingRun> runs = new ArrayList<>();
      for (int seed = 1; seed <= seeds; seed++) {
        runs.add(setting.train(seed));
      }
      for (Figure figure : setting.figures()) {
        List<String> shown = new ArrayList<>();
        boolean inside = true;
        for (RecordingRun run : runs) {
          double one = figure.reached(run);
          shown.add(Figure.number(one));
          inside &= figure.holds(one);
        }
        all &= inside;
        out.printf(
            "| %s | %s | %s | %s | %s | %s |%n",
            setting.name(),
            figure.what(),
            figure.published(),
            figure.band(),
            String.join(", ", shown),
            inside ? "inside" : "OUTSIDE");
      }
      out.flush();
    }
    if (!all) {
      System.exit(1);
    }
  }
}
