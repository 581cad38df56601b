package io.trainyard.tests.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A disk of a few megabytes, in a mount namespace that a sleeping process keeps: no mount is left over, whatever happens to the test. Linux, root.
 */
final class SmallDisk {
  private static final String FILLER = "filler";

  private final Process holder;
  private final Path inside;

  private SmallDisk(Process holder, Path inside) {
    this.holder = holder;
    this.inside = inside;
  }

  /** Why no such disk can be had here; empty when it can. */
  static String unavailable() {
    try {
      Process probe = new ProcessBuilder("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt").redirectErrorStream(true).start();
      String said = new String(probe.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      return probe.waitFor() == 0 ? "" : "a mount namespace with a disk of its own needs root: " + said.strip();
    } catch (IOException e) {
      return "there is no unshare: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  static SmallDisk mount(Path folder, int megabytes, Processes mark) throws IOException {
    String script = "mount -t tmpfs -o size=" + megabytes + "m tmpfs '" + folder + "' && touch '" + folder + "/mounted' && exec sleep 3600";
    ProcessBuilder builder = new ProcessBuilder("unshare", "-m", "sh", "-c", script).inheritIO();
    builder.environment().put(Processes.VARIABLE, mark.mark());
    SmallDisk disk = new SmallDisk(builder.start(), folder);
    Await.until("the small disk is mounted", Duration.ofSeconds(10), () -> Files.exists(disk.outside().resolve("mounted")));
    return disk;
  }

  /** What is put before a command that shall see it. */
  List<String> enter() {
    return List.of("nsenter", "-m", "-t", Long.toString(holder.pid()), "--");
  }

  /** The folder as everybody else sees it. */
  Path outside() {
    return Path.of("/proc/" + holder.pid() + "/root").resolve(inside.toString().substring(1));
  }

  /** Writes a file until so many bytes are free, or the disk says that it is full. */
  void fill(long leave) {
    Path filler = outside().resolve(FILLER);
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (free() > leave) {
        out.write(page);
      }
    } catch (IOException full) {
      if (free() > leave + (1 << 20)) {
        throw new UncheckedIOException("the disk cannot be filled", full);
      }
    }
  }

  void empty() {
    try {
      Files.deleteIfExists(outside().resolve(FILLER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long free() {
    return outside().toFile().getUsableSpace();
  }

  /** Lets go of the disk; what was on it is gone. */
  void release() {
    holder.destroyForcibly();
  }
}
