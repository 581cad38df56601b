package io.trainyard.store.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that loses power when it is told to, and then forgets what a real one may forget: bytes that were
 * not forced (all, none, or any sectors of them), and names whose folder was not synced. Also runs full, and fails to
 * sync. Any thread may call.
 */
public final class SimulatedDisk implements Disk {
  /** What the power takes along. */
  public enum Loss {
    /** All that was not synced. */
    EVERYTHING_UNSYNCED,
    /** Nothing: as if only the process had died. */
    NOTHING,
    /** Any sectors and any names, by chance. */
    TORN
  }

  private static final int SECTOR = 512;

  /** Thrown from the operation during which the power went, and from all later ones. */
  public static final class PowerLost extends IOException {
    private static final long serialVersionUID = 1L;

    PowerLost() {
      super("the power is gone");
    }
  }

  private static final class Inode {
    byte[] durable = new byte[0];
    byte[] now = new byte[0];
    int size;

    byte[] content() {
      return Arrays.copyOf(now, size);
    }
  }

  /** A change of a folder that has not been synced; {@code inode} null: the name goes. */
  private record NameChange(String folder, String path, Inode inode, String alsoGone) {}

  private final Map<String, Inode> names = new TreeMap<>();
  private final Map<String, Inode> durableNames = new HashMap<>();
  private final List<NameChange> unsyncedNames = new ArrayList<>();
  private long operations;
  private long powerGoesAt = Long.MAX_VALUE;
  private long capacity = Long.MAX_VALUE / 4;
  private boolean ignoresForce;
  private @Nullable String failsForceOf;
  private boolean dead;
  private CompletableFuture<Void> stallBegun = new CompletableFuture<>();
  private CompletableFuture<Void> stallEnd = CompletableFuture.completedFuture(null);

  /** The power goes in this operation, counted from 1. */
  public synchronized SimulatedDisk powerGoesAt(long operation) {
    powerGoesAt = operation;
    return this;
  }

  /** A disk that says that it has synced, and has not. */
  public synchronized SimulatedDisk ignoringForce() {
    ignoresForce = true;
    return this;
  }

  /** Files whose path starts so cannot be synced; null: all can. */
  public synchronized void failForceOf(@Nullable String prefix) {
    failsForceOf = prefix;
  }

  /** The next syncs take until the second future is completed; the first one is, when one of them begins. */
  public synchronized void stall(CompletableFuture<Void> begun, CompletableFuture<Void> end) {
    stallBegun = begun;
    stallEnd = end;
  }

  private void awaitStall() {
    CompletableFuture<Void> end;
    synchronized (this) {
      end = stallEnd;
      stallBegun.complete(null);
    }
    end.join();
  }

  public synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  public synchronized long operations() {
    return operations;
  }

  public synchronized boolean isDead() {
    return dead;
  }

  public synchronized void cutPower() {
    dead = true;
  }

  public synchronized long used() {
    long sum = 0;
    for (Inode inode : new HashSet<>(names.values())) {
      sum += inode.size;
    }
    return sum;
  }

  /** The disk as the next boot finds it. */
  public synchronized SimulatedDisk afterPowerLoss(Loss loss, Random chance) {
    dead = true;
    Map<String, Inode> found = new TreeMap<>(loss == Loss.NOTHING ? names : durableNames);
    if (loss == Loss.TORN) {
      for (NameChange change : unsyncedNames) {
        if (chance.nextBoolean()) {
          apply(change, found);
        }
      }
    }
    SimulatedDisk next = new SimulatedDisk();
    next.capacity = capacity;
    Map<Inode, Inode> copies = new HashMap<>();
    found.forEach(
        (path, inode) -> {
          Inode copy = copies.computeIfAbsent(inode, old -> survivor(old, loss, chance));
          next.names.put(path, copy);
          next.durableNames.put(path, copy);
        });
    return next;
  }

  private static Inode survivor(Inode old, Loss loss, Random chance) {
    byte[] content =
        switch (loss) {
          case EVERYTHING_UNSYNCED -> old.durable;
          case NOTHING -> old.content();
          case TORN -> torn(old, chance);
        };
    Inode inode = new Inode();
    inode.durable = content.clone();
    inode.now = content.clone();
    inode.size = content.length;
    return inode;
  }

  private static byte[] torn(Inode old, Random chance) {
    byte[] now = old.content();
    int same = Arrays.mismatch(old.durable, now);
    if (same < 0) {
      return now;
    }
    if (chance.nextInt(4) == 0) {
      return old.durable;
    }
    // The size may be that of any moment; sectors within it may be old, which means zero, or new.
    byte[] torn = Arrays.copyOf(now, same + chance.nextInt(now.length - same + 1));
    for (int from = same; from < torn.length; ) {
      int to = Math.min(torn.length, (from / SECTOR + 1) * SECTOR);
      if (chance.nextBoolean()) {
        Arrays.fill(torn, from, to, (byte) 0);
      }
      from = to;
    }
    return torn;
  }

  private static void apply(NameChange change, Map<String, Inode> to) {
    if (change.alsoGone() != null) {
      to.remove(change.alsoGone());
    }
    if (change.inode() == null) {
      to.remove(change.path());
    } else {
      to.put(change.path(), change.inode());
    }
  }

  /** Counts an operation that changes something; the power may go right after it was begun. */
  private boolean step() throws PowerLost {
    alive();
    operations++;
    if (operations >= powerGoesAt) {
      dead = true;
    }
    return dead;
  }

  private void alive() throws PowerLost {
    if (dead) {
      throw new PowerLost();
    }
  }

  private void name(String path, Inode inode, String alsoGone) throws PowerLost {
    boolean last = step();
    NameChange change = new NameChange(folder(path), path, inode, alsoGone);
    apply(change, names);
    unsyncedNames.add(change);
    if (last) {
      throw new PowerLost();
    }
  }

  private static String folder(String path) {
    return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
  }

  @Override
  public synchronized DiskFile open(String path) throws IOException {
    alive();
    if (!names.containsKey(path)) {
      name(path, new Inode(), null);
    }
    return new SimulatedFile(path, names.get(path));
  }

  @Override
  public synchronized DiskFile openForReading(String path) throws IOException {
    alive();
    Inode inode = names.get(path);
    if (inode == null) {
      throw new FileNotFoundException(path);
    }
    return new SimulatedFile(path, inode);
  }

  @Override
  public synchronized boolean exists(String path) throws IOException {
    alive();
    return names.containsKey(path);
  }

  @Override
  public synchronized List<String> list(String folder) throws IOException {
    alive();
    return names.keySet().stream().filter(path -> folder(path).equals(folder)).map(path ->
        path.substring(path.lastIndexOf('/') + 1)).toList();
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    alive();
    Inode inode = names.get(from);
    if (inode == null) {
      throw new FileNotFoundException(from);
    }
    name(to, inode, from);
  }

  @Override
  public synchronized void delete(String path) throws IOException {
    alive();
    if (names.containsKey(path)) {
      name(path, null, null);
    }
  }

  @Override
  public synchronized void syncDirectory(String folder) throws IOException {
    if (step()) {
      throw new PowerLost();
    }
    if (ignoresForce) {
      return;
    }
    Set<NameChange> done = new HashSet<>();
    for (NameChange change : unsyncedNames) {
      if (change.folder().equals(folder)) {
        apply(change, durableNames);
        done.add(change);
      }
    }
    unsyncedNames.removeAll(done);
  }

  @Override
  public synchronized long freeBytes() throws IOException {
    alive();
    return Math.max(0, capacity - used());
  }

  private final class SimulatedFile implements DiskFile {
    private final String path;
    private final Inode inode;

    private SimulatedFile(String path, Inode inode) {
      this.path = path;
      this.inode = inode;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      synchronized (SimulatedDisk.this) {
        boolean last = step();
        // A full disk takes what it has room for, as a real one does.
        int taken = (int) Math.min(bytes.remaining(), Math.max(0, capacity - used()));
        byte[] added = new byte[taken];
        bytes.get(added);
        if (inode.now.length < inode.size + taken) {
          inode.now = Arrays.copyOf(inode.now, Math.max(2 * inode.now.length, inode.size + taken));
        }
        System.arraycopy(added, 0, inode.now, inode.size, taken);
        inode.size += taken;
        if (last) {
          throw new PowerLost();
        }
        if (bytes.hasRemaining()) {
          throw new DiskFullException(path + ": no room on the simulated disk");
        }
      }
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      synchronized (SimulatedDisk.this) {
        alive();
        int length = (int) Math.max(0, Math.min(into.remaining(), inode.size - position));
        into.put(inode.now, (int) Math.min(position, inode.size), length);
        return length;
      }
    }

    @Override
    public void force() throws IOException {
      awaitStall();
      synchronized (SimulatedDisk.this) {
        if (step()) {
          throw new PowerLost();
        }
        if (failsForceOf != null && path.startsWith(failsForceOf)) {
          throw new IOException("the simulated disk cannot sync " + path);
        }
        if (!ignoresForce) {
          inode.durable = inode.content();
        }
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (SimulatedDisk.this) {
        boolean last = step();
        inode.size = (int) Math.min(inode.size, size);
        Arrays.fill(inode.now, inode.size, inode.now.length, (byte) 0);
        if (last) {
          throw new PowerLost();
        }
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (SimulatedDisk.this) {
        alive();
        return inode.size;
      }
    }

    @Override
    public void close() {
      // Nothing is kept open.
    }
  }
}
