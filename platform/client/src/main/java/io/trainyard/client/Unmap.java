package io.trainyard.client;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/**
 * Gives the memory of a mapped buffer back at once; called by whoever alone still knows the buffer.
 *
 * <p>Without it a mapping lives until the collector finds it, and the disk space of a deleted segment as long. A training that logs
 * without allocating hardly ever collects: at 90,000 steps a second it would hold 5 GB an hour.
 */
final class Unmap {
  private static final Object UNSAFE;
  private static final Method CLEANER;

  static {
    try {
      // The one supported way on both JDK 17 and 25: module jdk.unsupported exports and opens it.
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      var field = unsafe.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      UNSAFE = field.get(null);
      CLEANER = unsafe.getMethod("invokeCleaner", ByteBuffer.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Unmap() {}

  /** Nobody may touch the buffer after this: the process would crash. */
  static void now(ByteBuffer buffer) {
    try {
      CLEANER.invoke(UNSAFE, buffer);
    } catch (ReflectiveOperationException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
