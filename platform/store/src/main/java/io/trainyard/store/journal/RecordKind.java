package io.trainyard.store.journal;

/** What a record of the journal holds; a byte in its head. */
public enum RecordKind {
  /** A run as it is after a change, without its points. */
  RUN(1),
  /** An experiment as it is after a change. */
  EXPERIMENT(2),
  /** Points of one attempt. */
  POINTS(3),
  /** Nothing but an idempotency key: its change had nothing to change. */
  KEY(4),
  /** The store was closed in order: nothing before this can be a torn tail. */
  CLOSED(5);

  private static final RecordKind[] KINDS = values();
  private final byte code;

  RecordKind(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static RecordKind of(byte code) {
    if (code < 1 || code > KINDS.length) {
      throw new IllegalArgumentException("no record has the kind " + code);
    }
    return KINDS[code - 1];
  }
}
