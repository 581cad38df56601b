package io.trainyard.store.read;

import org.jspecify.annotations.Nullable;

/** What a run is sorted by: a number, or a text. Numbers come before texts, as a param may be either. */
record SortKey(boolean isText, long whole, double number, String text) implements Comparable<SortKey> {
  static SortKey of(double number) {
    return new SortKey(false, 0, number, "");
  }

  /** Kept beside the double, which cannot tell large longs apart. */
  static SortKey of(long whole) {
    return new SortKey(false, whole, whole, "");
  }

  static SortKey of(String text) {
    return new SortKey(true, 0, 0, text);
  }

  static @Nullable SortKey ofParam(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof Long whole) {
      return of(whole);
    }
    if (value instanceof Number number) {
      return of(number.doubleValue());
    }
    return of(value.toString());
  }

  boolean isNaN() {
    return Double.isNaN(number);
  }

  @Override
  public int compareTo(SortKey other) {
    if (isText != other.isText) {
      return isText ? 1 : -1;
    }
    if (isText) {
      int same = text.compareToIgnoreCase(other.text);
      return same != 0 ? same : text.compareTo(other.text);
    }
    int same = number == other.number ? 0 : Double.compare(number, other.number);
    return same != 0 ? same : Long.compare(whole, other.whole);
  }
}
