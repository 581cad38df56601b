package io.trainyard.store.chunk;

import io.trainyard.core.store.ScrubReport;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads through whole files: to rebuild an index, and to check. One thread at a time each. */
final class ChunkScan {
  private ChunkScan() {}

  /**
   * Visits the live chunks behind {@code from}; two passes over the heads, for what is dead is known only after the
   * first.
   */
  static List<String> scan(
      Collection<ChunkFile> files, ChunkFiles.Position from, ChunkFiles.Visitor visitor, ChunkFiles.GoneVisitor gone)
      throws IOException {
    Set<Frame.Place> dead = new HashSet<>();
    List<String> damage = new ArrayList<>();
    for (ChunkFile file : files) {
      FrameWalk walk = walk(file, from);
      for (Frame frame = walk.next(); frame != null; frame = walk.next()) {
        if (frame.kind() == Frame.TOMBSTONES) {
          ByteBuffer meta = walk.meta(frame);
          if (meta != null) {
            dead.addAll(Frame.readTombstones(meta));
          }
        }
      }
      walk.gaps().forEach(gap -> damage.add(Recovery.gapLine(file, gap)));
    }
    dead.forEach(place -> gone.gone(place.file(), place.offset()));
    for (ChunkFile file : files) {
      FrameWalk walk = walk(file, from);
      for (Frame frame = walk.next(); frame != null; frame = walk.next()) {
        if (frame.kind() == Frame.CHUNK && !dead.contains(new Frame.Place(file.number, frame.offset()))) {
          ByteBuffer meta = walk.meta(frame);
          if (meta == null) {
            damage.add(headLine(frame));
          } else {
            Frame.ChunkMeta told = Frame.ChunkMeta.read(meta);
            visitor.chunk(told.key(), told.ref(frame));
          }
        }
      }
    }
    return damage;
  }

  private static FrameWalk walk(ChunkFile file, ChunkFiles.Position from) {
    long limit = file.committed().size();
    if (file.number != from.file()) {
      return new FrameWalk(file, file.number < from.file() ? limit : 0, limit);
    }
    return new FrameWalk(file, from.offset(), limit);
  }

  static ScrubReport scrub(Collection<ChunkFile> files, List<String> known) throws IOException {
    Set<String> problems = new LinkedHashSet<>(known);
    int read = 0;
    long bytes = 0;
    long records = 0;
    for (ChunkFile file : files) {
      long limit = file.committed().size();
      if (limit == 0) {
        continue;
      }
      read++;
      bytes += limit;
      if (!file.hasHeader()) {
        problems.add(file + " does not start with a chunk file's header");
      }
      FrameWalk walk = new FrameWalk(file, limit);
      for (Frame frame = walk.next(); frame != null; frame = walk.next()) {
        String problem = check(file, frame);
        if (problem == null) {
          records++;
        } else {
          problems.add(problem);
        }
      }
      walk.gaps().forEach(gap -> problems.add(Recovery.gapLine(file, gap)));
    }
    return new ScrubReport(read, bytes, records, List.copyOf(problems));
  }

  /** What is wrong with a frame; null when nothing is. */
  private static @Nullable String check(ChunkFile file, Frame frame) throws IOException {
    byte[] bytes;
    try {
      bytes = file.read(frame.offset(), frame.length());
    } catch (EOFException e) {
      return e.getMessage();
    }
    if (Frame.crc(bytes, Frame.HEADER, frame.metaLength()) != frame.metaCrc()) {
      return headLine(frame);
    }
    boolean levels = Frame.crc(bytes, frame.levelsStart(), frame.levelsLength()) == frame.levelsCrc();
    if (levels && Frame.crc(bytes, frame.payloadStart(), frame.payloadLength()) == frame.payloadCrc()) {
      return null;
    }
    Frame.ChunkMeta told = Frame.ChunkMeta.read(ByteBuffer.wrap(bytes, Frame.HEADER, frame.metaLength()));
    return file
        + ", offset "
        + frame.offset()
        + ": the checksum of the "
        + (levels ? "points" : "levels")
        + " is wrong; "
        + told.summary().count()
        + " points of "
        + told.key()
        + ", steps "
        + told.summary().firstStep()
        + " to "
        + told.summary().lastStep()
        + ", cannot be read";
  }

  private static String headLine(Frame frame) {
    String what =
        switch (frame.kind()) {
          case Frame.CHUNK -> "the head of a chunk is damaged; its points are lost";
          case Frame.TOMBSTONES -> "one copy of a list of superseded chunks is damaged";
          default -> "a commit is damaged; those behind it still count";
        };
    return ChunkFile.path(frame.file()) + ", offset " + frame.offset() + ": " + what;
  }
}
