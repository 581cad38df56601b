package io.trainyard.spi;

import java.util.List;

/**
 * Something to look at that a number over steps cannot say; the run's page shows it with a slider over its steps. What
 * is given in must not be changed afterwards.
 */
public sealed interface Exhibit {
  /** Words: a sample of a language model, say. */
  record Text(String text) implements Exhibit {}

  /**
   * How many values lie where.
   *
   * @param edges n+1 of them, ascending; the last bin includes its upper edge
   * @param counts n of them
   * @param notFinite values that are NaN or infinite and so in no bin
   */
  record Histogram(double[] edges, long[] counts, long notFinite) implements Exhibit {
    public Histogram {
      if (edges.length != counts.length + 1) {
        throw new IllegalArgumentException(
            counts.length + " bins have " + (counts.length + 1) + " edges, not " + edges.length);
      }
    }

    /**
     * Bins of equal width from the smallest to the largest finite value.
     *
     * @param bins at least 1
     */
    public static Histogram of(float[] values, int bins) {
      if (bins < 1) {
        throw new IllegalArgumentException("a histogram has at least 1 bin, not " + bins);
      }
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      long notFinite = 0;
      for (float value : values) {
        if (Float.isFinite(value)) {
          min = Math.min(min, value);
          max = Math.max(max, value);
        } else {
          notFinite++;
        }
      }
      if (notFinite == values.length) {
        min = 0;
        max = 0;
      }
      if (min == max) {
        // Wide enough to be more than a rounding of what lies there.
        double half = Math.max(0.5, Math.abs(min) * 1e-6);
        min -= half;
        max += half;
      }
      double[] edges = new double[bins + 1];
      for (int i = 0; i <= bins; i++) {
        edges[i] = min + (max - min) * i / bins;
      }
      edges[bins] = max;
      long[] counts = new long[bins];
      for (float value : values) {
        if (Float.isFinite(value)) {
          counts[(int) Math.min(bins - 1, (value - min) / (max - min) * bins)]++;
        }
      }
      return new Histogram(edges, counts, notFinite);
    }
  }

  /**
   * Lines over one axis: a function and its derivative, say.
   *
   * @param x ascending
   * @param logX whether its axis is logarithmic; what is not above 0 has no place there
   */
  record Curves(String xLabel, String yLabel, double[] x, List<Curve> curves, boolean logX, boolean logY)
      implements Exhibit {
    public Curves(String xLabel, String yLabel, double[] x, List<Curve> curves) {
      this(xLabel, yLabel, x, curves, false, false);
    }

    /** Over logarithmic axes. */
    public Curves logLog() {
      return new Curves(xLabel, yLabel, x, curves, true, true);
    }

    public Curves {
      curves = List.copyOf(curves);
      for (Curve curve : curves) {
        if (curve.y.length != x.length) {
          throw new IllegalArgumentException(
              "curve " + curve.name + " has " + curve.y.length + " values over " + x.length + " of x");
        }
      }
    }
  }

  /** One line; NaN is a gap. */
  record Curve(String name, double[] y) {}

  /**
   * Counts of pairs: a confusion matrix has the true class in its rows and the predicted one in its columns.
   *
   * @param counts one array a row
   */
  record Matrix(String rowLabel, List<String> rows, String columnLabel, List<String> columns, long[][] counts)
      implements Exhibit {
    public Matrix {
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
      if (counts.length != rows.size()) {
        throw new IllegalArgumentException(rows.size() + " rows are named, but there are " + counts.length);
      }
      for (long[] row : counts) {
        if (row.length != columns.size()) {
          throw new IllegalArgumentException(columns.size() + " columns are named, but a row has " + row.length);
        }
      }
    }
  }

  /** Cells of text, row by row; each row has as many as there are columns. */
  record Table(List<String> columns, List<List<String>> rows) implements Exhibit {
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<String> row : rows) {
        if (row.size() != columns.size()) {
          throw new IllegalArgumentException(columns.size() + " columns, but a row of " + row.size() + ": " + row);
        }
      }
    }
  }

  /** Small pictures side by side, each with its words. */
  record Images(List<Picture> pictures) implements Exhibit {
    public Images {
      pictures = List.copyOf(pictures);
    }
  }

  /**
   * A picture of bytes.
   *
   * @param channels 1 (grey) or 3 (red, green, blue)
   * @param pixels row by row, the channels of a pixel side by side; 0 is dark
   */
  record Picture(int width, int height, int channels, byte[] pixels, String caption) {
    public Picture {
      boolean shape = width > 0 && height > 0 && (channels == 1 || channels == 3);
      if (!shape || pixels.length != (long) width * height * channels) {
        throw new IllegalArgumentException(
            "a picture of " + width + " x " + height + " with " + channels + " channels cannot have " + pixels.length
                + " bytes");
      }
    }
  }
}
