package io.trainyard.store.chunk;

import io.trainyard.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Gives the room of superseded and purged chunks back. The appending thread.
 *
 * <p>A file goes in this order: its tombstones (for chunks in files that stay) are written again; a commit leaves the
 * file out of the list of files, so that a start after a power loss deletes it if its name is still there; when the
 * last reader that may want it has ended, its name goes. The index decides what lives; the counts in the commits only
 * tell where looking is worth while.
 */
final class Reclaimer {
  /** A file is copied out when less than this part of it lives: then copying a byte frees at least one. */
  private static final double MOSTLY_DEAD = 0.5;

  private final ChunkFiles all;
  private final Disk disk;
  private final Pins pins;
  private final Map<ChunkFile, Long> doomed = new LinkedHashMap<>();
  private final Set<ChunkFile> refused = new HashSet<>();

  Reclaimer(ChunkFiles all, Disk disk, Pins pins) {
    this.all = all;
    this.disk = disk;
    this.pins = pins;
  }

  boolean isDoomed(ChunkFile file) {
    return doomed.containsKey(file);
  }

  List<Move> evacuate(BiPredicate<SeriesKey, ChunkRef> live) throws IOException {
    for (ChunkFile file : all.files().values()) {
      if (isCandidate(file) && file.liveChunks > 0 && file.liveBytes < MOSTLY_DEAD * file.size()) {
        List<Move> moves = evacuate(file, live);
        if (!moves.isEmpty()) {
          return moves;
        }
      }
    }
    return List.of();
  }

  private List<Move> evacuate(ChunkFile file, BiPredicate<SeriesKey, ChunkRef> live) throws IOException {
    Map<SeriesKey, Move> moves = new HashMap<>();
    FrameWalk walk = new FrameWalk(file, file.committed().size());
    for (Frame frame = walk.next(); frame != null; frame = walk.next()) {
      if (frame.kind() != Frame.CHUNK) {
        continue;
      }
      ByteBuffer meta = walk.meta(frame);
      Frame.ChunkMeta told = meta == null ? null : Frame.ChunkMeta.read(meta);
      if (told != null && !live.test(told.key(), told.ref(frame))) {
        continue;
      }
      byte[] bytes = file.read(frame.offset(), frame.length());
      if (told == null
          || Frame.crc(bytes, frame.levelsStart(), frame.levelsLength()) != frame.levelsCrc()
          || Frame.crc(bytes, frame.payloadStart(), frame.payloadLength()) != frame.payloadCrc()) {
        // What is damaged stays where it was named; what was copied already is merely moved.
        refused.add(file);
        continue;
      }
      ByteBuffer in = ByteBuffer.wrap(bytes);
      byte[] levels = new byte[frame.levelsLength()];
      byte[] payload = new byte[frame.payloadLength()];
      in.get(frame.levelsStart(), levels).get(frame.payloadStart(), payload);
      ChunkRef fresh = all.appendChunk(told, levels, payload);
      Move move = moves.computeIfAbsent(told.key(), key -> new Move(key, new ArrayList<>(), new ArrayList<>()));
      move.gone().add(told.ref(frame));
      move.fresh().add(fresh);
    }
    if (!refused.contains(file)) {
      file.liveChunks = moves.values().stream().mapToLong(move -> move.gone().size()).sum();
    }
    List<ChunkRef> gone = new ArrayList<>();
    moves.values().forEach(move -> gone.addAll(move.gone()));
    all.drop(gone);
    return List.copyOf(moves.values());
  }

  long deleteDead(BiPredicate<SeriesKey, ChunkRef> live) throws IOException {
    List<ChunkFile> fresh = new ArrayList<>();
    for (ChunkFile file : List.copyOf(all.files().values())) {
      if (isCandidate(file) && file.liveChunks <= 0) {
        fresh.add(file);
      }
    }
    try {
      for (ChunkFile file : fresh) {
        doom(file, live);
      }
      all.sync();
    } catch (IOException e) {
      // Their tombstones were not written: they must stay.
      fresh.forEach(doomed::remove);
      throw e;
    }
    long freed = 0;
    for (Map.Entry<ChunkFile, Long> entry : List.copyOf(doomed.entrySet())) {
      ChunkFile file = entry.getKey();
      if (pins.isOver(entry.getValue())) {
        freed += file.size();
        all.files().remove(file.number);
        doomed.remove(file);
        file.close();
        disk.delete(ChunkFile.path(file.number));
      }
    }
    if (freed > 0) {
      disk.syncDirectory(ChunkFile.FOLDER);
    }
    return freed;
  }

  private void doom(ChunkFile file, BiPredicate<SeriesKey, ChunkRef> live) throws IOException {
    Set<Frame.Place> inherited = new HashSet<>();
    FrameWalk walk = new FrameWalk(file, file.committed().size());
    for (Frame frame = walk.next(); frame != null; frame = walk.next()) {
      ByteBuffer meta = walk.meta(frame);
      if (frame.kind() == Frame.TOMBSTONES && meta != null) {
        for (Frame.Place place : Frame.readTombstones(meta)) {
          ChunkFile other = all.files().get(place.file());
          if (other != null && other != file && !isDoomed(other)) {
            inherited.add(place);
          }
        }
      } else if (frame.kind() == Frame.CHUNK) {
        Frame.ChunkMeta told = meta == null ? null : Frame.ChunkMeta.read(meta);
        if (told == null || live.test(told.key(), told.ref(frame))) {
          // Damaged, or wanted after all: a file too many is better than a chunk too few.
          refused.add(file);
          return;
        }
      }
    }
    all.bury(inherited);
    all.touch();
    doomed.put(file, pins.endEpoch());
  }

  private boolean isCandidate(ChunkFile file) {
    return file != all.current() && !isDoomed(file) && !refused.contains(file);
  }
}
