package io.trainyard.textpreprocessing;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Counts items, and with a bounded memory finds the frequent ones. Used by the thread that reads the text.
 *
 * <p>As long as there is room every count is exact. When it is full, the median of the counts is taken from all, and
 * what has nothing left is forgotten: half of it. The sum of all that was so taken is {@link #error}: an item came at
 * least as often as {@link #count} says, and at most so much more. This is Misra and Gries' algorithm, in the form that
 * <a href="https://arxiv.org/abs/1705.07001">Anderson et al.</a> have given it. With room for m items and n of them in
 * all, the error is at most some 3n/m, and what comes more often than that is never missed.
 */
final class FrequentItems {
  /** The median of so many is near enough that of all, and costs a thousandth of it. */
  private static final int SAMPLE = 1024;

  private final int most;

  /**
   * An item plus one and its count, side by side, since each look at memory costs more than all else; 0 is a free
   * place. Found by the item's hash; at most half of it is taken.
   */
  private final long[] places;

  private int size;
  private long total;
  private long error;

  /** With room for so many items, at least 1. */
  FrequentItems(int most) {
    this.most = most;
    this.places = new long[4 * Integer.highestOneBit(2 * most - 1)];
  }

  /** Counts an item, a number from 0. */
  void add(long item) {
    total++;
    int place = place(item + 1);
    if (places[place] == 0) {
      if (size == most) {
        purge();
        place = place(item + 1);
      }
      places[place] = item + 1;
      size++;
    }
    places[place + 1]++;
  }

  /** All that were counted, distinct or not. */
  long total() {
    return total;
  }

  /** How many distinct items there are; at least so many, where the error is not 0. */
  int size() {
    return size;
  }

  /** How much more often an item may have come; 0 if all is exact. */
  long error() {
    return error;
  }

  /**
   * Places of the most frequent ones, the first of them first; of two that are as frequent, that of the lower number.
   */
  int[] top(int count) {
    return IntStream.range(0, places.length / 2)
        .map(it -> 2 * it)
        .filter(it -> places[it] > 0)
        .boxed()
        .sorted(
            (a, b) ->
                count(a) == count(b) ? Long.compare(places[a], places[b]) : Long.compare(count(b), count(a)))
        .limit(count)
        .mapToInt(it -> it)
        .toArray();
  }

  long item(int place) {
    return places[place] - 1;
  }

  /** How often it came at least. */
  long count(int place) {
    return places[place + 1];
  }

  private void purge() {
    long[] sample = new long[SAMPLE];
    int sampled = 0;
    // The hash has scattered them, so the first ones are as good a sample as any.
    for (int place = 0; place < places.length && sampled < SAMPLE; place += 2) {
      if (places[place] > 0) {
        sample[sampled++] = count(place);
      }
    }
    Arrays.sort(sample, 0, sampled);
    long median = sample[sampled / 2];
    error += median;
    long[] kept = new long[2 * size];
    int length = 0;
    for (int place = 0; place < places.length; place += 2) {
      if (places[place] > 0 && count(place) > median) {
        kept[length++] = places[place];
        kept[length++] = count(place) - median;
      }
    }
    Arrays.fill(places, 0);
    size = length / 2;
    for (int i = 0; i < length; i += 2) {
      int place = place(kept[i]);
      places[place] = kept[i];
      places[place + 1] = kept[i + 1];
    }
  }

  private int place(long item) {
    int mask = places.length - 2;
    long hash = item * 0x9E3779B97F4A7C15L;
    for (int place = (int) (hash >>> 32) & mask; ; place = place + 2 & mask) {
      if (places[place] == item || places[place] == 0) {
        return place;
      }
    }
  }
}
