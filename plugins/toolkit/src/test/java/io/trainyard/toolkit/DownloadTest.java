package io.trainyard.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against real servers, which misbehave. */
@Timeout(60)
final class DownloadTest {
  private static final String NAME = "data.gz";

  private final byte[] content = new byte[300_000];
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private byte[] packed;
  private HttpServer server;
  @TempDir Path folder;

  @BeforeEach
  void serve() throws IOException {
    new Random(1).nextBytes(content);
    packed = gzip(content);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void oneThatBreaksOffGoesOnWhereItWas() throws IOException {
    // Each connection gives at most 120 kB.
    server.createContext("/broken/", it -> give(it, packed, 120_000, true));
    Path file = download("broken").fetch(NAME, Fingerprint.of(content));
    assertThat(Files.readAllBytes(file)).isEqualTo(packed);
    assertThat(asked).containsExactly("null", "bytes=120000-", "bytes=240000-");
    assertThat(folder.resolve(NAME + ".part")).doesNotExist();
  }

  @Test
  void whatABrokenAttemptHasLeftIsTheBeginningOfTheNext() throws IOException {
    Files.write(folder.resolve(NAME + ".part"), Arrays.copyOf(packed, 200_000));
    server.createContext("/whole/", it -> give(it, packed, Integer.MAX_VALUE, true));
    download("whole").fetch(NAME, Fingerprint.of(content));
    assertThat(asked).containsExactly("bytes=200000-");
    // All of it, and only the name was missing.
    Files.move(folder.resolve(NAME), folder.resolve(NAME + ".part"));
    download("whole").fetch(NAME, Fingerprint.of(content));
    // There now: nobody is asked.
    download("whole").fetch(NAME, Fingerprint.of(content));
    assertThat(asked).hasSize(2);
  }

  @Test
  void whatIsNotPackedIsCheckedAsItIs() throws IOException {
    server.createContext("/text/", it -> give(it, content, 120_000, true));
    Path file = download("text").fetch("data.txt", Fingerprint.of(content));
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(asked).containsExactly("null", "bytes=120000-", "bytes=240000-");
  }

  @Test
  void aServerWithoutRangesStartsAnew() throws IOException {
    Files.write(folder.resolve(NAME + ".part"), Arrays.copyOf(packed, 200_000));
    server.createContext("/plain/", it -> give(it, packed, Integer.MAX_VALUE, false));
    assertThat(Files.readAllBytes(download("plain").fetch(NAME, Fingerprint.of(content)))).isEqualTo(packed);
  }

  @Test
  void rubbishThatWasLeftIsThrownAway() throws IOException {
    Files.write(folder.resolve(NAME + ".part"), new byte[1000]);
    server.createContext("/whole/", it -> give(it, packed, Integer.MAX_VALUE, true));
    assertThat(Files.readAllBytes(download("whole").fetch(NAME, Fingerprint.of(content)))).isEqualTo(packed);
    assertThat(asked).containsExactly("bytes=1000-", "null");
  }

  @Test
  void theNextMirrorHelpsWhereOneHasAnotherFileOrNone() throws IOException {
    server.createContext("/other/", it -> give(it, gzip(new byte[] {1, 2, 3}), Integer.MAX_VALUE, true));
    server.createContext("/page/", it -> give(it, "<html>Log in</html>".getBytes(), Integer.MAX_VALUE, true));
    server.createContext("/whole/", it -> give(it, packed, Integer.MAX_VALUE, true));
    Path file = download("missing", "other", "page", "whole").fetch(NAME, Fingerprint.of(content));
    assertThat(Files.readAllBytes(file)).isEqualTo(packed);
  }

  @Test
  void whereNoneHelpsOneErrorNamesEachWithItsReason() throws IOException {
    server.createContext("/other/", it -> give(it, gzip(new byte[] {1, 2, 3}), Integer.MAX_VALUE, true));
    server.createContext("/page/", it -> give(it, "<html>Log in</html>".getBytes(), Integer.MAX_VALUE, true));
    server.createContext("/stuck/", it -> give(it, packed, 0, true));
    assertThatThrownBy(() -> download("missing", "other", "page", "stuck").fetch(NAME, Fingerprint.of(content)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(address("missing") + NAME + ": it answered 404")
        .hasMessageContaining(
            address("other") + NAME + ": what it gave has the SHA-256 "
                + "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81, not " + Fingerprint.of(content))
        .hasMessageContaining(address("page") + NAME + ": what it gave cannot be unpacked")
        .hasMessageContaining(address("stuck") + NAME + ": it broke off after 0 of " + packed.length + " bytes");
    assertThat(folder.resolve(NAME)).doesNotExist();
  }

  @Test
  void aStopEndsItAndLeavesWhatHasArrived() throws IOException {
    server.createContext("/whole/", it -> give(it, packed, Integer.MAX_VALUE, true));
    AtomicBoolean stop = new AtomicBoolean();
    Download download =
        new Download(
            List.of(address("whole")),
            folder,
            () -> {
              boolean now = stop.get();
              stop.set(true);
              return now;
            });
    assertThatThrownBy(() -> download.fetch(NAME, Fingerprint.of(content))).isInstanceOf(Stopped.class);
    assertThat(Files.size(folder.resolve(NAME + ".part"))).isBetween(1L, 1L << 17);
  }

  @Test
  void whetherAHostAnswersIsKnownInTime() {
    server.createContext("/whole/", it -> give(it, packed, Integer.MAX_VALUE, true));
    server.createContext(
        "/silent/",
        it -> {
          try {
            Thread.sleep(20_000);
          } catch (InterruptedException e) {
            it.close();
          }
        });
    assertThat(Download.answers(List.of(address("silent"), address("whole")), NAME, 5_000)).isTrue();
    assertThat(Download.answers(List.of(address("missing")), NAME, 5_000)).isFalse();
    long start = System.nanoTime();
    assertThat(Download.answers(List.of(address("silent")), NAME, 300)).isFalse();
    assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
  }

  private Download download(String... mirrors) {
    return new Download(Arrays.stream(mirrors).map(this::address).toList(), folder, () -> false);
  }

  private URI address(String mirror) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/" + mirror + "/");
  }

  /** Answers with at most so many bytes of what it promises. */
  private void give(HttpExchange exchange, byte[] file, int most, boolean ranges) throws IOException {
    try (exchange) {
      String range = exchange.getRequestHeaders().getFirst("Range");
      asked.add(String.valueOf(range));
      int from = !ranges || range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(200, -1);
      } else if (from >= file.length) {
        exchange.sendResponseHeaders(416, -1);
      } else {
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
        exchange.getResponseBody().write(file, from, Math.min(most, file.length - from));
        exchange.getResponseBody().flush();
      }
    } catch (IOException closed) {
      // Closing before all that was promised is what breaks it off; the server says so, and it is meant.
    }
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }
}
