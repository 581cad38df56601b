package io.trainyard.textpreprocessing;

import io.trainyard.spi.Exhibit;
import io.trainyard.toolkit.text.Vocab.Frequency;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How the frequency of a token goes with its rank: by Zipf's law a line over logarithmic axes, with a slope near -1 for
 * the words of a language. Pure.
 *
 * @param slope of ln(frequency) over ln(rank), by least squares over the ranks from 1 to {@code last}, each counted
 *     once; NaN where there are fewer than two of them
 * @param intercept ln(frequency) at rank 1, on the line
 * @param last the last rank whose token comes at least {@value #LEAST} times: behind it lie the plateaus of what comes
 *     once or twice, which are longer than all the rest
 */
record Zipf(double slope, double intercept, int last) {
  private static final int LEAST = 5;
  private static final int POINTS = 400;

  /** Of frequencies, the largest first. */
  static Zipf of(List<Frequency> frequencies) {
    int last = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    while (last < frequencies.size() && frequencies.get(last).count() >= LEAST) {
      double lnRank = Math.log(last + 1);
      double lnCount = Math.log(frequencies.get(last).count());
      x += lnRank;
      y += lnCount;
      xx += lnRank * lnRank;
      xy += lnRank * lnCount;
      last++;
    }
    double slope = last < 2 ? Double.NaN : (last * xy - x * y) / (last * xx - x * x);
    return new Zipf(slope, (y - slope * x) / last, last);
  }

  /** The frequencies, at least one, and the line, at ranks that are as far apart over a logarithmic axis. */
  Exhibit.Curves curves(List<Frequency> frequencies) {
    int size = frequencies.size();
    double[] ranks =
        IntStream.rangeClosed(0, POINTS)
            .mapToDouble(it -> Math.rint(Math.pow(size, it / (double) POINTS)))
            .distinct()
            .toArray();
    double[] counts = new double[ranks.length];
    double[] line = new double[ranks.length];
    for (int i = 0; i < ranks.length; i++) {
      counts[i] = frequencies.get((int) ranks[i] - 1).count();
      line[i] = ranks[i] <= last ? Math.exp(intercept + slope * Math.log(ranks[i])) : Double.NaN;
    }
    String fit = String.format(Locale.ROOT, "least squares over the ranks 1 to %,d: slope %.3f", last, slope);
    List<Exhibit.Curve> curves = List.of(new Exhibit.Curve("tokens", counts), new Exhibit.Curve(fit, line));
    return new Exhibit.Curves("rank", "times in the text", ranks, last < 2 ? curves.subList(0, 1) : curves).logLog();
  }
}
