package io.trainyard.client;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * A file in memory, whose memory can be given back at once; {@link #unmap} is called by whoever alone still uses it.
 *
 * <p>A plain mapping lives until the collector finds it, and the disk space of a deleted segment as long. A training
 * that logs without allocating hardly ever collects: at 90,000 steps a second it would hold 5 GB an hour. From JDK 22
 * an arena does it, and an access too late is an exception; before, {@code Unsafe.invokeCleaner} does, and an access
 * too late is a crash. Neither prints a warning on its JDKs.
 */
final class Mapping {
  private static final boolean ARENAS = Runtime.version().feature() >= 22;

  final ByteBuffer bytes;
  private final Unmapper unmapper;

  private Mapping(ByteBuffer bytes, Unmapper unmapper) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.unmapper = unmapper;
  }

  static Mapping of(FileChannel file, FileChannel.MapMode mode, long size) throws IOException {
    try {
      if (ARENAS) {
        Object arena = Arenas.OF_SHARED.invoke(null);
        ByteBuffer bytes = (ByteBuffer) Arenas.AS_BUFFER.invoke(Arenas.MAP.invoke(file, mode, 0L, size, arena));
        return new Mapping(bytes, () -> Arenas.CLOSE.invoke(arena));
      }
      ByteBuffer bytes = file.map(mode, 0, size);
      return new Mapping(bytes, () -> Cleaner.INVOKE.invoke(Cleaner.UNSAFE, bytes));
    } catch (InvocationTargetException e) {
      throw new IOException(String.valueOf(e.getCause().getMessage()), e.getCause());
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  void unmap() {
    try {
      unmapper.run();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private interface Unmapper {
    void run() throws ReflectiveOperationException;
  }

  /** {@code java.lang.foreign}, which JDK 17 cannot be compiled against. */
  private static final class Arenas {
    static final Method OF_SHARED;
    static final Method CLOSE;
    static final Method MAP;
    static final Method AS_BUFFER;

    static {
      try {
        Class<?> arena = Class.forName("java.lang.foreign.Arena");
        OF_SHARED = arena.getMethod("ofShared");
        CLOSE = arena.getMethod("close");
        MAP = FileChannel.class.getMethod("map", FileChannel.MapMode.class, long.class, long.class, arena);
        AS_BUFFER = Class.forName("java.lang.foreign.MemorySegment").getMethod("asByteBuffer");
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  private static final class Cleaner {
    static final Object UNSAFE;
    static final Method INVOKE;

    static {
      try {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        var field = unsafe.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        UNSAFE = field.get(null);
        INVOKE = unsafe.getMethod("invokeCleaner", ByteBuffer.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }
}
