package io.trainyard.tests.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Rounds of trainings beside PyTorch's, and the table of their rates; one thread. */
final class Rounds {
  private Rounds() {}

  /**
   * A training that both sides do.
   *
   * @param goal the ratio that is to be reached; empty for none
   */
  record Contest(String title, String goal, Sides sides) {}

  /** Trains once on each side: the rates of ours, of PyTorch on all threads and on one. */
  interface Sides {
    double[] rates(boolean oursFirst) throws Exception;
  }

  /** Ours goes first every second time. Prints each round and then the medians; the ratio is to the faster of PyTorch's. */
  static void play(String what, int threads, int repeat, List<Contest> contests) throws Exception {
    List<List<double[]>> rounds = new ArrayList<>();
    contests.forEach(it -> rounds.add(new ArrayList<>()));
    Figures.head("round", what, "ours", "PyTorch, " + threads + " threads", "1 thread", "ratio");
    for (int round = 0; round < repeat; round++) {
      for (int i = 0; i < contests.size(); i++) {
        double[] rates = contests.get(i).sides().rates(round % 2 == 0);
        rounds.get(i).add(rates);
        row(Integer.toString(round + 1), contests.get(i).title(), rates, "");
      }
    }
    for (int i = 0; i < contests.size(); i++) {
      double[] medians = new double[3];
      for (int side = 0; side < medians.length; side++) {
        int column = side;
        medians[side] = Figures.median(rounds.get(i).stream().mapToDouble(it -> it[column]).toArray());
      }
      String goal = contests.get(i).goal();
      row("**median**", contests.get(i).title(), medians, goal.isEmpty() ? "" : " (goal at least " + goal + ")");
    }
  }

  private static void row(String round, String title, double[] rates, String goal) {
    Figures.row(
        round,
        title,
        Figures.format("%,.0f", rates[0]),
        Figures.format("%,.0f", rates[1]),
        Figures.format("%,.0f", rates[2]),
        Figures.format("**%.2f**", rates[0] / Math.max(rates[1], rates[2])) + goal);
  }
}
