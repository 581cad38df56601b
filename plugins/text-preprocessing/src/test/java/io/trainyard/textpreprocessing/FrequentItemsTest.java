package io.trainyard.textpreprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FrequentItemsTest {
  @Test
  void asLongAsThereIsRoomAllIsExact() {
    FrequentItems items = new FrequentItems(1000);
    Map<Long, Long> exact = count(items, new Random(1), 20_000, 1000);
    assertThat(items.error()).isZero();
    assertThat(items.size()).isEqualTo(exact.size());
    assertThat(items.total()).isEqualTo(20_000);
    int[] top = items.top(2000);
    assertThat(top).hasSize(exact.size());
    for (int place : top) {
      assertThat(items.count(place)).isEqualTo(exact.get(items.item(place)));
    }
  }

  @Test
  void whenItIsFullEveryCountIsWithinTheErrorAndNothingFrequentIsMissed() {
    Random random = new Random(2);
    for (int trial = 0; trial < 40; trial++) {
      int most = 1 + random.nextInt(400);
      FrequentItems items = new FrequentItems(most);
      Map<Long, Long> exact = count(items, random, 30_000, 5000);
      assertThat(items.size()).isLessThanOrEqualTo(most);
      Map<Long, Long> found = new HashMap<>();
      for (int place : items.top(most)) {
        found.put(items.item(place), items.count(place));
      }
      exact.forEach(
          (item, count) -> {
            long least = found.getOrDefault(item, 0L);
            assertThat(count).as("room for %d", most).isBetween(least, least + items.error());
          });
      if (most > 50) {
        assertThat(items.error()).isLessThanOrEqualTo(3L * 30_000 / most);
      }
    }
  }

  @Test
  void theFirstOfTheMostFrequentComesFirstAndTheLowerNumberWinsATie() {
    FrequentItems items = new FrequentItems(10);
    for (long item : new long[] {7, 3, 3, 0, 7, 5}) {
      items.add(item);
    }
    assertThat(Arrays.stream(items.top(3)).mapToLong(items::item).toArray()).containsExactly(3, 7, 0);
  }

  /** Item i with a probability of some 1/i. */
  private static Map<Long, Long> count(FrequentItems items, Random random, int times, int distinct) {
    Map<Long, Long> exact = new HashMap<>();
    for (int i = 0; i < times; i++) {
      long item = (long) Math.pow(distinct, random.nextDouble()) * 0x1234567L;
      items.add(item);
      exact.merge(item, 1L, Long::sum);
    }
    return exact;
  }
}
