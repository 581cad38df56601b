package io.trainyard.tests.learning;

import io.trainyard.testkit.RecordingRun;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains every published setting with some seeds and prints what it reached, as a table for the docs. The main thread
 * does it all; the process ends with 1 if a figure is outside of its band.
 */
public final class Main {
  private Main() {}

  /** The number of seeds, 3 unless given. */
  public static void main(String[] args) throws Exception {
    int seeds = args.length == 0 ? 3 : Integer.parseInt(args[0]);
    PrintStream out = System.out;
    out.println("| setting | figure | published | band | reached, seeds 1 to " + seeds + " | |");
    out.println("|---|---|---|---|---|---|");
    boolean all = true;
    for (Setting setting : Setting.all()) {
      List<RecordingRun> runs = new ArrayList<>();
      for (int seed = 1; seed <= seeds; seed++) {
        runs.add(setting.train(seed));
      }
      for (Figure figure : setting.figures()) {
        double[] reached = runs.stream().mapToDouble(figure::reached).toArray();
        List<String> shown = new ArrayList<>();
        boolean inside = true;
        for (double one : reached) {
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
