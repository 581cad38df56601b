package io.trainyard.store.chunk;

import io.trainyard.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the folder back to the last commit when it is opened. Used once, by the thread that opens.
 *
 * <p>What follows the last commit was never promised to anybody (its points are still in the journal) and is cut off,
 * torn or not. What is bad before it is damage: it is named and left where it is. One case lies between: the last
 * commit itself may be what is damaged. Then {@code synced}, which the journal's snapshot remembers, says that there
 * was one, and nothing before it is cut.
 */
final class Recovery {
  final TreeMap<Long, ChunkFile> files = new TreeMap<>();
  /** Files that should be there. */
  final Map<Long, Commit.State> missing = new HashMap<>();

  final List<String> damage = new ArrayList<>();
  long nextOrder = 1;
  long nextFile = 1;

  private final Disk disk;
  private final ChunkFiles.Position synced;
  private boolean namesChanged;

  private Recovery(Disk disk, ChunkFiles.Position synced) {
    this.disk = disk;
    this.synced = synced;
  }

  static Recovery run(Disk disk, ChunkFiles.Position synced) throws IOException {
    Recovery recovery = new Recovery(disk, synced);
    try {
      recovery.run();
    } catch (IOException | RuntimeException e) {
      for (ChunkFile file : recovery.files.values()) {
        file.close();
      }
      throw e;
    }
    return recovery;
  }

  private void run() throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String name : disk.list(ChunkFile.FOLDER)) {
      long number = ChunkFile.number(name);
      if (number >= 0) {
        numbers.add(number);
        nextFile = Math.max(nextFile, number + 1);
      }
    }
    nextFile = Math.max(nextFile, synced.file() + 1);
    Commit commit = null;
    long committedIn = 0;
    for (int i = numbers.size() - 1; i >= 0; i--) {
      long number = numbers.get(i);
      if (commit == null) {
        commit = newest(number);
        committedIn = number;
      } else if (commit.files().stream().noneMatch(state -> state.number() == number)) {
        // Evacuated or purged; the power went before its name was gone.
        delete(number);
      } else {
        files.put(number, ChunkFile.open(disk, number, false));
      }
    }
    if (commit != null) {
      apply(commit);
    }
    if (synced.file() > 0 && !files.containsKey(synced.file())) {
      // A file that went because nothing lived in it is not missed by a commit; one that holds the newest promise is.
      if (commit == null || committedIn < synced.file()) {
        damage.add(ChunkFile.path(synced.file()) + " is missing: the points in it are lost");
      }
    }
    if (namesChanged) {
      disk.syncDirectory(ChunkFile.FOLDER);
    }
  }

  /** Cuts this file behind its last commit and answers that; null when there is none. */
  private @Nullable Commit newest(long number) throws IOException {
    ChunkFile file = ChunkFile.open(disk, number, true);
    files.put(number, file);
    Commit commit = null;
    long end = 0;
    long highestOrder = 0;
    FrameWalk walk = new FrameWalk(file, file.size());
    for (Frame frame = walk.next(); frame != null; frame = walk.next()) {
      ByteBuffer meta = frame.kind() == Frame.TOMBSTONES ? null : walk.meta(frame);
      if (meta != null && frame.kind() == Frame.COMMIT) {
        commit = Commit.read(meta);
        end = frame.end();
      } else if (meta != null && frame.kind() == Frame.CHUNK) {
        highestOrder = Math.max(highestOrder, Frame.ChunkMeta.read(meta).order());
      }
    }
    if (!file.hasHeader() && (commit != null || number <= synced.file())) {
      damage.add(file + " does not start with a chunk file's header; its chunks are read where they are intact");
    }
    for (FrameWalk.Gap gap : walk.gaps()) {
      if (gap.offset() < Math.max(end, synced.file() == number ? synced.offset() : 0)) {
        damage.add(gapLine(file, gap));
      }
    }
    if (number < synced.file() || (number == synced.file() && end < synced.offset())) {
      long promised = number == synced.file() ? synced.offset() : file.size();
      damage.add(
          file
              + " has its last intact commit at "
              + end
              + " though "
              + promised
              + " bytes were promised: what lies between is kept where it is intact");
      if (promised > file.size()) {
        damage.add(file + " ends at " + file.size() + ", " + (promised - file.size()) + " bytes are missing");
      }
      end = Math.min(promised, file.size());
      nextOrder = Math.max(nextOrder, highestOrder + 1);
    } else if (commit == null) {
      files.remove(number);
      file.close();
      delete(number);
      return null;
    }
    if (end < file.size()) {
      file.truncate(end);
      file.force();
    }
    return commit;
  }

  private void apply(Commit commit) {
    nextOrder = Math.max(nextOrder, commit.nextOrder());
    Map<Long, Commit.State> states = new HashMap<>();
    for (Commit.State state : commit.files()) {
      states.put(state.number(), state);
      ChunkFile file = files.get(state.number());
      if (file == null) {
        missing.put(state.number(), state);
        damage.add(
            ChunkFile.path(state.number()) + " is missing: the points of " + state.liveChunks() + " chunks are lost");
      } else if (file.size() < state.size()) {
        damage.add(
            file
                + " ends at "
                + file.size()
                + " instead of "
                + state.size()
                + ": the points of the chunks behind are lost");
      }
    }
    for (ChunkFile file : files.values()) {
      Commit.State state = states.get(file.number);
      if (state != null) {
        file.restore(state);
      } else {
        file.commit();
      }
    }
  }

  static String gapLine(ChunkFile file, FrameWalk.Gap gap) {
    long bytes = gap.end() - gap.offset();
    return file + ", offset " + gap.offset() + ": " + bytes + " bytes are damaged; the points in them are lost";
  }

  private void delete(long number) throws IOException {
    disk.delete(ChunkFile.path(number));
    namesChanged = true;
  }
}
