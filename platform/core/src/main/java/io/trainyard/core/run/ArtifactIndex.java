package io.trainyard.core.run;

import io.trainyard.core.bus.Addresses.KeptExhibit;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.ExhibitEntry;
import io.trainyard.core.model.ExhibitInfo;
import io.trainyard.core.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one run has shown and kept: a file of checksummed records, and in memory what they come to, without the data of
 * exhibits. Used by the thread "artifacts".
 *
 * <p>A record is {@code magic 4 | CRC32C of the rest 4 | length 4 | JSON}. The magic has a byte that no UTF-8 has, so
 * after a bad record the next good one can be found. What was being written when a process died is a torn tail: it was
 * acknowledged to nobody and is cut off. Anything else that is not whole is stepped over and named. A record whose
 * frame is whole but whose content is not is never taken for a torn tail, unless it ends in the zeros of a page that a
 * power loss kept from the disk.
 *
 * <p>After a failed write or sync the file is cut back to what is known to be durable and read anew; the same records
 * come again, and are written again. So nothing is trusted that a failed sync was to bring to the disk.
 */
final class ArtifactIndex {
  /** The last byte is the version of the format. */
  private static final int MAGIC = 0xFE545931;

  private static final int NEWEST_MAGIC = 0xFE545939;
  private static final int HEAD = 12;

  /** An exhibit has 1 MiB at most. */
  private static final int MOST_BYTES = 16 << 20;

  private static final Logger log = LoggerFactory.getLogger(ArtifactIndex.class);

  private final Path file;
  private final Map<String, Exhibits> exhibits = new TreeMap<>();
  private final Map<String, Artifact> artifacts = new TreeMap<>();
  private final Map<Integer, Long> known = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private long records;
  /** Where the next record goes: all before it is on the disk. */
  private long end;
  private boolean synced;
  private boolean broken;

  /** Where an exhibit's record is. */
  private record Place(String kind, ExhibitEntry entry, long offset) {}

  private static final class Exhibits {
    final NavigableMap<Long, Place> bySteps = new TreeMap<>();
    @Nullable Place newest;
  }

  private ArtifactIndex(Path file) {
    this.file = file;
  }

  /** Reads the index, and cuts a torn tail off; one that is not there is empty. */
  static ArtifactIndex open(Path file) throws IOException {
    ArtifactIndex index = scan(file);
    if (Files.exists(file) && Files.size(file) > index.end) {
      log.warn("{}: the last {} bytes were never acknowledged and are cut off", file, Files.size(file) - index.end);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(index.end);
        channel.force(true);
      }
    }
    index.problems.forEach(problem -> log.error("{}", problem));
    return index;
  }

  /** Reads the index and changes nothing. */
  static ArtifactIndex scan(Path file) throws IOException {
    ArtifactIndex index = new ArtifactIndex(file);
    if (Files.exists(file)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        index.read(channel);
      }
    }
    return index;
  }

  List<ExhibitInfo> exhibits() {
    List<ExhibitInfo> all = new ArrayList<>();
    exhibits.forEach(
        (name, shown) -> {
          List<ExhibitEntry> entries = shown.bySteps.values().stream().map(Place::entry).toList();
          String kind = shown.newest == null ? "" : shown.newest.kind();
          all.add(new ExhibitInfo(name, kind, entries));
        });
    return all;
  }

  Optional<ArtifactKeeper.Shown> exhibit(String name, @Nullable Long step) throws IOException {
    Exhibits shown = exhibits.get(name);
    Place place = shown == null ? null : step == null ? shown.newest : shown.bySteps.get(step);
    if (place == null) {
      return Optional.empty();
    }
    byte[] body;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      body = new Frames(channel).body(place.offset);
    }
    if (body == null) {
      throw new StoreException.Damaged(file + " is damaged at byte " + place.offset + ": exhibit \"" + name
          + "\" at step " + place.entry.step() + " cannot be shown.");
    }
    return Optional.of(new ArtifactKeeper.Shown(name, place.kind, place.entry, IndexRecord.data(body)));
  }

  Collection<Artifact> artifacts() {
    return artifacts.values();
  }

  Optional<Artifact> artifact(String path) {
    return Optional.ofNullable(artifacts.get(path));
  }

  /** Whether a record of this attempt was stored already; they come in the order of their positions. */
  boolean knows(int attempt, long position) {
    return position <= known.getOrDefault(attempt, -1L);
  }

  /** The highest attempt that anything is known of; 0 when there is none. */
  int latestAttempt() {
    return known.keySet().stream().max(Integer::compare).orElse(0);
  }

  /** A sentence for each part that is not what was written, and for each file that did not arrive. */
  List<String> problems() {
    return problems;
  }

  long records() {
    return records;
  }

  /** Writes them, syncs, and only then knows them. */
  void append(List<IndexRecord> fresh) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<Long> offsets = new ArrayList<>();
    for (IndexRecord one : fresh) {
      offsets.add(end + bytes.size());
      byte[] body = one.json();
      ByteBuffer head = ByteBuffer.allocate(HEAD).putInt(MAGIC).putInt(checksum(body)).putInt(body.length);
      bytes.writeBytes(head.array());
      bytes.writeBytes(body);
    }
    boolean created = !Files.exists(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      try {
        ByteBuffer source = ByteBuffer.wrap(bytes.toByteArray());
        long at = end;
        while (source.hasRemaining()) {
          at += channel.write(source, at);
        }
        channel.force(true);
      } catch (IOException e) {
        try {
          channel.truncate(end);
        } catch (IOException second) {
          e.addSuppressed(second);
          broken = true;
        }
        throw e;
      }
    }
    if (created) {
      ContentFiles.syncFolders(Objects.requireNonNull(file.getParent()), 3);
    }
    synced = true;
    end += bytes.size();
    for (int i = 0; i < fresh.size(); i++) {
      apply(fresh.get(i), offsets.get(i));
    }
  }

  /** Makes sure that what was read is durable: whoever wrote it may have been killed before it was. */
  void sync() throws IOException {
    if (!synced && end > 0) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    synced = true;
  }

  /** Nothing more can be written, because it is not known what is on the disk. */
  boolean broken() {
    return broken;
  }

  /** What a listener hears of these records. */
  static List<KeptExhibit> exhibitsOf(List<IndexRecord> records) {
    List<KeptExhibit> kept = new ArrayList<>();
    for (IndexRecord one : records) {
      if (one instanceof IndexRecord.Exhibit it) {
        kept.add(new KeptExhibit(it.name(), it.kind(), it.entry().step(), it.entry().time()));
      }
    }
    return kept;
  }

  private void read(FileChannel channel) throws IOException {
    Frames frames = new Frames(channel);
    long size = channel.size();
    long at = 0;
    while (at < size) {
      int length = frames.length(at);
      byte[] body = length < 0 ? null : frames.body(at);
      if (body != null) {
        take(body, at);
        at += HEAD + length;
        continue;
      }
      long next = at + HEAD + length;
      boolean framed = length >= 0 && (next == size ? frames.lastByte() != 0 : frames.length(next) >= 0);
      if (!framed) {
        next = frames.nextWhole(at + 1);
        if (next < 0) {
          break;
        }
      }
      problems.add(file + ": bytes " + at + " to " + next
          + " are not what was written; the exhibit or file that was recorded there is missing.");
      at = next;
    }
    end = at;
    if (at == 0 && size >= HEAD && frames.magic(0) > MAGIC && frames.magic(0) <= NEWEST_MAGIC) {
      throw new StoreException.Unusable(file + " was written by a newer version of Trainyard; use that one.");
    }
  }

  private void take(byte[] body, long offset) {
    try {
      apply(IndexRecord.parse(body), offset);
    } catch (IOException e) {
      problems.add(file + ": the record at byte " + offset + " makes no sense: " + e.getMessage());
    }
  }

  private void apply(IndexRecord one, long offset) {
    records++;
    known.merge(one.attempt(), one.position(), Math::max);
    if (one instanceof IndexRecord.Exhibit it) {
      Exhibits shown = exhibits.computeIfAbsent(it.name(), none -> new Exhibits());
      Place place = new Place(it.kind(), it.entry(), offset);
      shown.bySteps.put(it.entry().step(), place);
      shown.newest = place;
    } else if (one instanceof IndexRecord.Kept it) {
      String role = it.artifact().role();
      artifacts.values().removeIf(older -> role != null && role.equals(older.role()));
      artifacts.put(it.artifact().path(), it.artifact());
    } else if (one instanceof IndexRecord.Lost it) {
      problems.add(file + ": " + it.why());
    }
  }

  private static int checksum(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(4).putInt(body.length).flip());
    crc.update(body);
    return (int) crc.getValue();
  }

  /** Reads records where they may be. */
  private static final class Frames {
    private static final int WINDOW = 1 << 18;

    private final FileChannel channel;
    private final long size;
    private byte[] window = new byte[0];
    private long windowAt;

    Frames(FileChannel channel) throws IOException {
      this.channel = channel;
      this.size = channel.size();
    }

    int magic(long at) throws IOException {
      return ByteBuffer.wrap(bytes(at, 4)).getInt();
    }

    /** Bytes of the body, if a whole frame is here; -1 if not. */
    int length(long at) throws IOException {
      if (at + HEAD > size) {
        return -1;
      }
      ByteBuffer head = ByteBuffer.wrap(bytes(at, HEAD));
      int length = head.getInt(8);
      return head.getInt() == MAGIC && length > 0 && length <= MOST_BYTES && at + HEAD + length <= size ? length : -1;
    }

    /** Null if it is not what was written. */
    byte @Nullable [] body(long at) throws IOException {
      int length = length(at);
      if (length < 0) {
        return null;
      }
      int expected = ByteBuffer.wrap(bytes(at + 4, 4)).getInt();
      byte[] body = bytes(at + HEAD, length);
      return checksum(body) == expected ? body : null;
    }

    int lastByte() throws IOException {
      return bytes(size - 1, 1)[0];
    }

    /** Where the next record is that is what was written; -1 if there is none. */
    long nextWhole(long from) throws IOException {
      for (long at = from; at + HEAD <= size; at++) {
        if (bytes(at, 1)[0] == (byte) (MAGIC >>> 24) && body(at) != null) {
          return at;
        }
      }
      return -1;
    }

    private byte[] bytes(long at, int count) throws IOException {
      if (at < windowAt || at + count > windowAt + window.length) {
        ByteBuffer read = ByteBuffer.allocate((int) Math.min(Math.max(count, WINDOW), size - at));
        while (read.hasRemaining() && channel.read(read, at + read.position()) >= 0) {
          continue;
        }
        if (read.position() < count) {
          throw new IOException("the index ends while it is read");
        }
        window = read.array();
        windowAt = at;
      }
      int start = (int) (at - windowAt);
      return java.util.Arrays.copyOfRange(window, start, start + count);
    }
  }
}
