package io.trainyard.tests.crash;

import io.trainyard.store.Phase;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What a store is doing at this moment, as it says itself in the mapped file of {@link Phase}; after its death: what it died in. */
final class Phases {
  private final Path file;
  private final MappedByteBuffer bytes;

  Phases(Path file) throws IOException {
    this.file = file;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, 64);
    }
  }

  Path file() {
    return file;
  }

  Set<Phase> now() {
    Set<Phase> inside = EnumSet.noneOf(Phase.class);
    for (Phase phase : Phase.values()) {
      if (bytes.get(phase.ordinal()) != 0) {
        inside.add(phase);
      }
    }
    return inside;
  }

  /** Before the next start: what a killed store left is not what the next one does. */
  void reset() {
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.put(i, (byte) 0);
    }
  }

  /** Spins, for phases last microseconds; answers whether the phase was seen before the deadline, or whatever it is that ends the watch. */
  boolean spinUntil(Phase phase, long deadlineNanos, BooleanSupplier over) {
    int looks = 0;
    while (bytes.get(phase.ordinal()) == 0) {
      Thread.onSpinWait();
      if (++looks % 1024 == 0 && (System.nanoTime() > deadlineNanos || over.getAsBoolean())) {
        return false;
      }
    }
    return true;
  }
}
