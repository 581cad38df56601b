package io.trainyard.toolkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a file into a folder, from the first of some mirrors that gives the right one. Used by the thread that
 * trains, which waits.
 *
 * <p>What has arrived stays in {@code NAME.part}: a connection that breaks off, and a training that is started again,
 * go on there. The file gets its name when its content is known to be right.
 */
final class Download {
  private static final Logger log = LoggerFactory.getLogger(Download.class);
  private static final int TIMEOUT_MS = 10_000;
  private static final int TRIES = 3;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final List<URI> mirrors;
  private final Path folder;
  private final BooleanSupplier stopping;

  /**
   * Does nothing yet.
   *
   * @param mirrors folders; a file's name is appended
   */
  Download(List<URI> mirrors, Path folder, BooleanSupplier stopping) {
    this.mirrors = mirrors;
    this.folder = folder;
    this.stopping = stopping;
  }

  /**
   * Fetches a file, unless it is there.
   *
   * @param sha256 of what is in it, and of a gzip file uncompressed: one content has many
   * @throws IOException names each mirror with its reason
   */
  Path fetch(String name, String sha256) throws IOException {
    Path file = folder.resolve(name);
    if (Files.isRegularFile(file)) {
      return file;
    }
    Files.createDirectories(folder);
    Path part = folder.resolve(name + ".part");
    List<String> reasons = new ArrayList<>();
    for (URI mirror : mirrors) {
      URI address = mirror.resolve(name);
      try {
        // Its beginning may be another mirror's, or rubbish of long ago: then once more from nothing.
        boolean begun = Files.exists(part);
        fetch(address, part);
        String wrong = wrong(part, name, sha256);
        if (wrong != null && begun) {
          Files.delete(part);
          fetch(address, part);
          wrong = wrong(part, name, sha256);
        }
        if (wrong == null) {
          return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.delete(part);
        throw new IOException(wrong);
      } catch (IOException e) {
        reasons.add(address + ": " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
        log.warn("{}", reasons.get(reasons.size() - 1));
      }
    }
    throw new IOException(String.join("; ", reasons));
  }

  /** Whether one of them answers for this file, within so many milliseconds. */
  static boolean answers(List<URI> mirrors, String name, int milliseconds) {
    List<CompletableFuture<Boolean>> asked = new ArrayList<>();
    CompletableFuture<Boolean> first = new CompletableFuture<>();
    for (URI mirror : mirrors) {
      // Looking up a host's name has no time limit of its own, so it is left behind.
      CompletableFuture<Boolean> one =
          CompletableFuture.supplyAsync(() -> answers(mirror.resolve(name), milliseconds), Threads.EACH);
      one.thenAccept(
          yes -> {
            if (yes) {
              first.complete(true);
            }
          });
      asked.add(one);
    }
    CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenRun(() -> first.complete(false));
    try {
      return first.get(milliseconds, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean answers(URI address, int milliseconds) {
    try {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
      connection.setConnectTimeout(milliseconds);
      connection.setReadTimeout(milliseconds);
      connection.setRequestMethod("HEAD");
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  /** Some tries, each from where the one before broke off. */
  private void fetch(URI address, Path part) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        piece(address, part);
        return;
      } catch (Refused e) {
        throw e;
      } catch (IOException e) {
        if (attempt == TRIES) {
          throw e;
        }
        log.info("{} broke off ({}); going on", address, e.getMessage());
      }
    }
  }

  private void piece(URI address, Path part) throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    if (have > 0) {
      connection.setRequestProperty("Range", "bytes=" + have + "-");
    }
    try {
      int status = connection.getResponseCode();
      if (status == RANGE_NOT_SATISFIABLE) {
        // All is there, or it is of another file: the checksum tells.
        return;
      }
      if (status != HttpURLConnection.HTTP_OK && status != PARTIAL) {
        throw new Refused("it answered " + status);
      }
      boolean goesOn = status == PARTIAL;
      long from = goesOn ? have : 0;
      long length = connection.getContentLengthLong();
      try (InputStream in = connection.getInputStream();
          OutputStream out =
              Files.newOutputStream(
                  part,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
        long read = copy(in, out, address, from, length);
        if (length >= 0 && read < length) {
          throw new IOException("it broke off after " + (from + read) + " of " + (from + length) + " bytes");
        }
      }
    } finally {
      connection.disconnect();
    }
  }

  private long copy(InputStream in, OutputStream out, URI address, long from, long length) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long read = 0;
    int told = 0;
    for (int n = next(in, buffer, length); n >= 0; n = next(in, buffer, length)) {
      if (stopping.getAsBoolean()) {
        throw new Stopped("the download of " + address);
      }
      out.write(buffer, 0, n);
      read += n;
      int percent = length <= 0 ? 0 : (int) (100 * (from + read) / (from + length));
      if (percent >= told + 10) {
        told = percent;
        log.info("{}: {} % of {} MB", address, percent, (from + length) / 1_000_000);
      }
    }
    return read;
  }

  /** As of Java 25 an answer that ends before its length is an exception, and not an end. */
  private static int next(InputStream in, byte[] buffer, long length) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      if (length >= 0 && "Premature EOF".equals(e.getMessage())) {
        return -1;
      }
      throw e;
    }
  }

  /** What is wrong with the content, null if nothing is. */
  private static @Nullable String wrong(Path part, String name, String sha256) {
    try (InputStream bytes = Files.newInputStream(part);
        InputStream in = name.endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes) {
      String found = Fingerprint.of(in);
      return found.equals(sha256) ? null : "what it gave has the SHA-256 " + found + ", not " + sha256;
    } catch (IOException e) {
      return "what it gave cannot be unpacked: " + e.getMessage();
    }
  }

  /** The mirror does not give this file: trying again is of no use. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }
}
