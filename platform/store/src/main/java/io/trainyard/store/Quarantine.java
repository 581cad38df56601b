package io.trainyard.store;

import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskBytes;
import io.trainyard.store.journal.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder {@code quarantine/}: the bytes of damaged records, for whoever wants to rescue something by hand, and a
 * sentence about each. Remembers damage after the segment that it was in has gone. Used by the opening thread.
 */
final class Quarantine {
  private static final String FOLDER = "quarantine";

  private final Disk disk;

  Quarantine(Disk disk) {
    this.disk = disk;
  }

  void add(Damage damage) throws IOException {
    String name = damage.path().replace('/', '-') + "-" + damage.from();
    if (disk.exists(FOLDER + "/" + name + ".txt")) {
      return;
    }
    if (damage.to() > damage.from()) {
      ByteBuffer segment = DiskBytes.read(disk, damage.path(), damage.to());
      int from = (int) Math.min(damage.from(), segment.limit());
      DiskBytes.replace(disk, FOLDER, name + ".bin", segment.slice(from, segment.limit() - from));
    }
    DiskBytes.replace(disk, FOLDER, name + ".txt", ByteBuffer.wrap(damage.sentence().getBytes(StandardCharsets.UTF_8)));
  }

  List<String> sentences() throws IOException {
    List<String> sentences = new ArrayList<>();
    for (String name : disk.list(FOLDER)) {
      if (name.endsWith(".txt")) {
        sentences.add(StandardCharsets.UTF_8.decode(DiskBytes.read(disk, FOLDER + "/" + name)).toString());
      }
    }
    return sentences;
  }
}
