package io.trainyard.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * {@code format.json}: which version of the folder's format this is, so that a newer one is refused instead of misread.
 * Read by the opening thread.
 *
 * @param createdAt of the store, and so of its Default experiment
 */
record Format(int version, long createdAt) {
  static final int CURRENT = 1;
  private static final String FILE = "format.json";

  static Format readOrCreate(Disk disk, long now) throws IOException {
    if (disk.exists(FILE)) {
      Format found = parse(DiskBytes.read(disk, FILE));
      if (found.version() > CURRENT) {
        throw new StoreException.Unusable(
            "The data folder has format " + found.version() + "; this Trainyard knows up to " + CURRENT
                + ". Use the newer Trainyard that wrote it, or choose another --home.");
      }
      return found;
    }
    Format created = new Format(CURRENT, now);
    String json = "{\"format\": " + CURRENT + ", \"createdAt\": " + now + ", \"check\": " + created.check() + "}\n";
    DiskBytes.replace(disk, "", FILE, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    return created;
  }

  /** A digit with a flipped bit is mostly a digit: only this tells. */
  private long check() {
    CRC32C crc = new CRC32C();
    crc.update((version + " " + createdAt).getBytes(StandardCharsets.US_ASCII));
    return crc.getValue();
  }

  private static Format parse(ByteBuffer bytes) throws IOException {
    int version = 0;
    long createdAt = 0;
    // Missing in a file that somebody wrote by hand, as the message below proposes.
    long check = -1;
    try (JsonParser json = new JsonFactory().createParser(StandardCharsets.UTF_8.decode(bytes).toString())) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          if ("format".equals(json.currentName())) {
            version = json.getIntValue();
          } else if ("createdAt".equals(json.currentName())) {
            createdAt = json.getLongValue();
          } else if ("check".equals(json.currentName())) {
            check = json.getLongValue();
          }
        }
      }
    } catch (IOException garbled) {
      version = 0;
    }
    if (version < 1) {
      throw new StoreException.Unusable(
          FILE + " cannot be read, so nobody knows which format the data folder has. If this Trainyard wrote it, put"
              + " {\"format\": " + CURRENT + ", \"createdAt\": 0} into it.");
    }
    Format found = new Format(version, createdAt);
    if (version == CURRENT && check >= 0 && check != found.check()) {
      throw new StoreException.Unusable(
          FILE + " is not what was written: its check does not fit. If the other files are a store's, take"
              + " \"check\" out of it and start again.");
    }
    return found;
  }
}
