package io.trainyard.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ExhibitTest {
  @Test
  void aHistogramCountsEveryFiniteValueOnceAndTheLargestInTheLastBin() {
    float[] values = {0, 1, 2, 3, 4, Float.NaN, Float.NEGATIVE_INFINITY, 4};
    Exhibit.Histogram histogram = Exhibit.Histogram.of(values, 4);
    assertThat(histogram.edges()).containsExactly(0, 1, 2, 3, 4);
    assertThat(histogram.counts()).containsExactly(1, 1, 1, 3);
    assertThat(histogram.notFinite()).isEqualTo(2);
  }

  @Test
  void aHistogramOfOneValueOrNoneHasBinsOfSomeWidth() {
    assertThat(Exhibit.Histogram.of(new float[] {3, 3}, 2).edges()).containsExactly(2.5, 3, 3.5);
    assertThat(Exhibit.Histogram.of(new float[] {3, 3}, 2).counts()).containsExactly(0, 2);
    Exhibit.Histogram large = Exhibit.Histogram.of(new float[] {1e30f}, 2);
    assertThat(large.edges()[0]).isLessThan(large.edges()[1]);
    assertThat(large.edges()[1]).isLessThan(large.edges()[2]);
    assertThat(large.counts()).containsExactly(0, 1);
    assertThat(Exhibit.Histogram.of(new float[] {Float.NaN}, 1).notFinite()).isEqualTo(1);
    assertThat(Exhibit.Histogram.of(new float[0], 1).counts()).containsExactly(0);
  }

  @Test
  void theWidestRangeOfFloatsHasFiniteEdges() {
    Exhibit.Histogram all = Exhibit.Histogram.of(new float[] {-Float.MAX_VALUE, 0, Float.MAX_VALUE}, 2);
    assertThat(all.edges()).containsExactly(-Float.MAX_VALUE, 0, Float.MAX_VALUE);
    assertThat(all.counts()).containsExactly(1, 2);
  }

  @Test
  void whatDoesNotFitTogetherIsSaidWhereItIsMade() {
    assertThatThrownBy(() -> new Exhibit.Histogram(new double[2], new long[2], 0))
        .hasMessage("2 bins have 3 edges, not 2");
    Exhibit.Curve curve = new Exhibit.Curve("relu", new double[3]);
    assertThatThrownBy(() -> new Exhibit.Curves("x", "y", new double[2], List.of(curve)))
        .hasMessage("curve relu has 3 values over 2 of x");
    List<String> two = List.of("a", "b");
    assertThatThrownBy(() -> new Exhibit.Matrix("true", two, "said", two, new long[][] {{1, 2}}))
        .hasMessage("2 rows are named, but there are 1");
    assertThatThrownBy(() -> new Exhibit.Matrix("true", two, "said", two, new long[][] {{1, 2}, {3}}))
        .hasMessage("2 columns are named, but a row has 1");
    assertThatThrownBy(() -> new Exhibit.Table(two, List.of(List.of("x")))).hasMessageContaining("2 columns");
    assertThatThrownBy(() -> new Exhibit.Picture(2, 2, 1, new byte[3], "")).hasMessageContaining("cannot have 3 bytes");
    assertThatThrownBy(() -> new Exhibit.Picture(2, 1, 2, new byte[4], "")).hasMessageContaining("2 channels");
    // 65536 * 65536 is 0 where ints overflow.
    assertThatThrownBy(() -> new Exhibit.Picture(65536, 65536, 1, new byte[0], "")).hasMessageContaining("0 bytes");
  }
}
