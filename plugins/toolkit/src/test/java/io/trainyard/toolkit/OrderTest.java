package io.trainyard.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OrderTest {
  @Test
  void eachEpochReadsEachRowOnceInAnOrderOfItsOwn() {
    Order order = new Order(1000, 7);
    int[] first = order.of(1).clone();
    int[] second = order.of(2).clone();
    assertThat(first).isNotEqualTo(second);
    for (int[] rows : new int[][] {first, second}) {
      assertThat(Arrays.stream(rows).sorted().toArray()).isEqualTo(IntStream.range(0, 1000).toArray());
    }
    assertThat(order.of(1)).as("whatever was asked for before").isEqualTo(first);
    assertThat(new Order(1000, 8).of(1)).isNotEqualTo(first);
  }

  @Test
  void recordedRunsCanBeTrainedAgainForEver() {
    // Changing these numbers would change what every seed means.
    assertThat(Seeds.of(42, "order", 1)).isEqualTo(64329811183682900L);
    assertThat(new Order(8, 42).of(1)).containsExactly(7, 3, 5, 2, 0, 6, 4, 1);
  }
}
