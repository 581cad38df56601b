package io.trainyard.hub.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the dashboard's files: from a folder, or from {@code web/} inside the JAR. Called on workers.
 *
 * <p>A name is only looked up when each of its parts is a plain file name, and in a folder the file must really lie in it; so there is
 * nothing to climb out with, links included.
 */
public final class StaticWeb {
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_\\-@+][A-Za-z0-9_\\-@+.]*");
  /** Vite puts a hash of the content into the name: such a file never changes. */
  private static final Pattern HASHED = Pattern.compile("/assets/.*-[A-Za-z0-9_-]{8}\\.[a-z0-9.]+");
  private static final List<String[]> ENCODINGS = List.of(new String[] {"br", ".br"}, new String[] {"gzip", ".gz"});
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("webp", "image/webp"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("wasm", "application/wasm"));

  private record Asset(byte[] bytes, String tag) {}

  private final @Nullable Path folder;
  /** What lies in a JAR does not change while we run; only names that exist get in. */
  private final Map<String, Asset> fromJar = new ConcurrentHashMap<>();

  /** @param folder null: what is in the JAR */
  public StaticWeb(@Nullable Path folder) {
    this.folder = folder;
  }

  Answer.Whole page(String path, MultiMap headers) throws IOException {
    String name = path.equals("/") ? "/index.html" : path;
    Answer.Whole found = file(name, headers);
    if (found != null) {
      return found;
    }
    String accept = headers.get("Accept");
    boolean wantsPage = accept != null && accept.contains("text/html");
    if (wantsPage && !name.substring(name.lastIndexOf('/') + 1).contains(".")) {
      // A link into the dashboard: its own router knows the rest of the path.
      found = file("/index.html", headers);
    }
    if (found != null) {
      return found;
    }
    throw new ProblemException(
        404,
        name.equals("/index.html")
            ? "The dashboard is not in this build: its page is missing. Build the folder web, or use the API under /api/v1."
            : "There is no " + path + " here.");
  }

  private Answer.@Nullable Whole file(String name, MultiMap headers) throws IOException {
    for (String part : name.substring(1).split("/", -1)) {
      if (!PART.matcher(part).matches()) {
        return null;
      }
    }
    Asset asset = load(name);
    if (asset == null) {
      return null;
    }
    Map<String, String> answer = new HashMap<>();
    answer.put("Vary", "Accept-Encoding");
    answer.put("Cache-Control", HASHED.matcher(name).matches() ? "public, max-age=31536000, immutable" : "no-cache");
    String accepted = headers.get("Accept-Encoding");
    for (String[] encoding : ENCODINGS) {
      Asset packed = accepted != null && accepted.contains(encoding[0]) ? load(name + encoding[1]) : null;
      if (packed != null) {
        answer.put("Content-Encoding", encoding[0]);
        asset = packed;
        break;
      }
    }
    answer.put("ETag", asset.tag());
    String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    boolean known = asset.tag().equals(headers.get("If-None-Match"));
    return new Answer.Whole(known ? 304 : 200, type, known ? Buffer.buffer() : Buffer.buffer(asset.bytes()), answer);
  }

  private @Nullable Asset load(String name) throws IOException {
    if (folder != null) {
      Path file = folder.resolve(name.substring(1));
      if (!Files.isRegularFile(file) || !file.toRealPath().startsWith(folder.toRealPath())) {
        return null;
      }
      return asset(Files.readAllBytes(file));
    }
    Asset known = fromJar.get(name);
    if (known != null || !name.substring(name.lastIndexOf('/')).contains(".")) {
      // A name without a dot may be a folder, which a class path opens like a file.
      return known;
    }
    try (InputStream in = StaticWeb.class.getResourceAsStream("/web" + name)) {
      if (in == null) {
        return null;
      }
      Asset asset = asset(in.readAllBytes());
      fromJar.put(name, asset);
      return asset;
    }
  }

  private static Asset asset(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new Asset(bytes, "\"" + HexFormat.of().formatHex(hash, 0, 12) + "\"");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
