package io.trainyard.hub.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, before any routing, what other web sites make a browser send. Called on the event loop.
 *
 * <p>A hub on loopback is reachable from every page that its user opens. Three checks keep pages out: the name in Host must be one of
 * ours (a foreign name that resolves to 127.0.0.1, "DNS rebinding", gives a page our origin); Origin, where there is one, must be that
 * same host and port; and no write may come from another site, whatever its Origin says.
 */
final class Guard {
  private final Set<String> hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

  /**
   * @param bound the address that the hub listens on
   * @param allowed more names, with or without a port
   */
  Guard(String bound, List<String> allowed) {
    hosts.add(bound.contains(":") && !bound.startsWith("[") ? "[" + bound + "]" : bound.toLowerCase(Locale.ROOT));
    for (String name : allowed) {
      hosts.add(withoutPort(name.toLowerCase(Locale.ROOT)));
    }
    // "Listen everywhere" is no name that anybody can reach us by.
    hosts.remove("0.0.0.0");
    hosts.remove("[::]");
  }

  static void headers(HttpServerResponse response) {
    response
        .putHeader(
            "Content-Security-Policy",
            "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
  }

  /** Null when the request may pass. */
  @Nullable Problem check(HttpServerRequest request) {
    List<String> given = request.headers().getAll("Host");
    String host = given.size() == 1 ? given.get(0).toLowerCase(Locale.ROOT) : "";
    if (host.isEmpty() || !hosts.contains(withoutPort(host))) {
      return Problem.of(
          421,
          "This hub is not known as \"" + host + "\". Use the address that it printed, or start it with --allowed-host "
              + (host.isEmpty() ? "NAME" : withoutPort(host)) + ".");
    }
    for (String origin : request.headers().getAll("Origin")) {
      if (!sameOrigin(origin, host)) {
        return Problem.of(403, "Requests from pages of other origins (" + origin + ") are refused.");
      }
    }
    boolean reads = request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
    String site = request.getHeader("Sec-Fetch-Site");
    if (!reads && site != null && !site.equals("same-origin") && !site.equals("none")) {
      return Problem.of(403, "Writes from pages of other sites are refused.");
    }
    return null;
  }

  private static boolean sameOrigin(String origin, String host) {
    try {
      URI uri = new URI(origin.toLowerCase(Locale.ROOT));
      String scheme = uri.getScheme();
      if (scheme == null || uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
        return false;
      }
      // A proxy may have ended TLS before us, so the scheme tells which port is meant when none is named, and nothing else.
      int standard = scheme.equals("http") ? 80 : 443;
      return uri.getHost().equals(withoutPort(host)) && port(uri.getPort(), standard) == port(portOf(host), standard);
    } catch (java.net.URISyntaxException e) {
      return false;
    }
  }

  private static int port(int given, int standard) {
    return given < 0 ? standard : given;
  }

  private static int portOf(String host) {
    String port = host.substring(withoutPort(host).length());
    try {
      return port.length() > 1 ? Integer.parseInt(port.substring(1)) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static String withoutPort(String host) {
    int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
    return end <= 0 ? host : host.substring(0, end);
  }
}
