package io.trainyard.store.disk;

import java.io.IOException;

/** No room is left: unlike other failures this one passes. Thrown to whoever writes. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }

  public DiskFullException(String message) {
    super(message);
  }

  /** The JDK has no type for ENOSPC and EDQUOT; their texts come from the C library, or from Windows. */
  public static IOException recognise(String path, IOException failure) {
    String message = String.valueOf(failure.getMessage());
    boolean full =
        message.contains("No space left")
            || message.contains("quota exceeded")
            || message.contains("not enough space");
    return full ? new DiskFullException(path + ": " + message, failure) : failure;
  }
}
