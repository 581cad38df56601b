package io.trainyard.core.store;

/** Why a change was refused or a question could not be answered. The message is for the person who asked. */
public abstract sealed class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreException(String message) {
    super(message);
  }

  /** There is no such experiment, run or series. */
  public static final class NotFound extends StoreException {
    private static final long serialVersionUID = 1L;

    public NotFound(String message) {
      super(message);
    }
  }

  /** The state that the change met does not allow it. */
  public static final class Conflict extends StoreException {
    private static final long serialVersionUID = 1L;

    public Conflict(String message) {
      super(message);
    }
  }

  /** The attempt was superseded: whoever sent this must stop. */
  public static final class StaleAttempt extends StoreException {
    private static final long serialVersionUID = 1L;

    public StaleAttempt(String message) {
      super(message);
    }
  }

  /** A batch that does not start where the last one ended; {@code expectedSeq} is where to go on. */
  public static final class Gap extends StoreException {
    private static final long serialVersionUID = 1L;
    private final long expectedSeq;

    public Gap(String message, long expectedSeq) {
      super(message);
      this.expectedSeq = expectedSeq;
    }

    public long expectedSeq() {
      return expectedSeq;
    }
  }

  /** An idempotency key came with another request than before. */
  public static final class KeyReused extends StoreException {
    private static final long serialVersionUID = 1L;

    public KeyReused(String message) {
      super(message);
    }
  }

  /** Writes are refused for now, reads go on; it resumes by itself (a full disk). */
  public static final class ReadOnly extends StoreException {
    private static final long serialVersionUID = 1L;

    public ReadOnly(String message) {
      super(message);
    }
  }

  /** Too much is waiting for the disk: send it again later. */
  public static final class Overloaded extends StoreException {
    private static final long serialVersionUID = 1L;

    public Overloaded(String message) {
      super(message);
    }
  }

  /**
   * Bytes on disk are not what was written; the message names the file and what is lost. Never a wrong value instead.
   */
  public static final class Damaged extends StoreException {
    private static final long serialVersionUID = 1L;

    public Damaged(String message) {
      super(message);
    }
  }

  /** The store cannot be opened, or has stopped for good (a failed fsync). */
  public static final class Unusable extends StoreException {
    private static final long serialVersionUID = 1L;

    public Unusable(String message) {
      super(message);
    }
  }
}
