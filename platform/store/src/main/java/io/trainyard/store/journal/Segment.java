package io.trainyard.store.journal;

/**
 * A file of the journal.
 *
 * @param firstSequence of its first record
 * @param lastSequence of its last record; one less than the first when it has none
 */
public record Segment(long number, long firstSequence, long lastSequence, long bytes) {
  public static final String FOLDER = "journal";

  public String path() {
    return path(number);
  }

  static String path(long number) {
    return String.format("%s/%010d.log", FOLDER, number);
  }

  /** The number in a file's name, -1 when it is no segment. */
  static long number(String name) {
    return name.matches("\\d{10}\\.log") ? Long.parseLong(name.substring(0, 10)) : -1;
  }
}
