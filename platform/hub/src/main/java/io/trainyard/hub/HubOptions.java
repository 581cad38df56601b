package io.trainyard.hub;

import io.trainyard.hub.live.LiveFeed;
import io.trainyard.hub.meters.RunMeters;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a hub is to listen, and whom to trust.
 *
 * @param host the address to listen on
 * @param port 0: any that is free
 * @param allowedHosts more names that it may be called by
 * @param requireToken ask for the token on loopback too, to see and to log
 * @param token null: the one in the data folder, which is made at the first start; only on loopback
 * @param webRoot folder with the dashboard; null: the one in the JAR
 * @param slots how many runs may run at once
 * @param version of this build
 */
public record HubOptions(
    String host,
    int port,
    List<String> allowedHosts,
    boolean requireToken,
    @Nullable String token,
    @Nullable Path webRoot,
    int slots,
    String version,
    LiveFeed.Options live,
    RunMeters.Limits meters) {
  public static final int DEFAULT_PORT = 8080;
  private static final int MIN_TOKEN = 16;

  public HubOptions {
    allowedHosts = List.copyOf(allowedHosts);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("The port must be 0 to 65535, but is " + port + ".");
    }
    if (token != null && token.length() < MIN_TOKEN) {
      throw new IllegalArgumentException("The token must have at least " + MIN_TOKEN + " characters, but has " + token.length() + ".");
    }
    if (token == null && !loopback(host)) {
      throw new IllegalArgumentException(
          "On " + host + " others can reach this hub, and no token is configured: it does not start. "
              + "Give it one (in a file of your own with --token-file), or listen on 127.0.0.1.");
    }
  }

  /** On 127.0.0.1, with everything as it comes. */
  public static HubOptions defaults() {
    String version = HubOptions.class.getPackage().getImplementationVersion();
    return new HubOptions(
        "127.0.0.1",
        DEFAULT_PORT,
        List.of(),
        false,
        null,
        null,
        1,
        version == null ? "dev" : version,
        LiveFeed.Options.DEFAULT,
        RunMeters.Limits.DEFAULT);
  }

  /** @param token null: the one in the data folder */
  public HubOptions listen(String host, int port, @Nullable String token) {
    return new HubOptions(host, port, allowedHosts, requireToken, token, webRoot, slots, version, live, meters);
  }

  public HubOptions port(int port) {
    return new HubOptions(host, port, allowedHosts, requireToken, token, webRoot, slots, version, live, meters);
  }

  public HubOptions allowedHosts(List<String> allowedHosts) {
    return new HubOptions(host, port, allowedHosts, requireToken, token, webRoot, slots, version, live, meters);
  }

  public HubOptions requireToken(boolean requireToken) {
    return new HubOptions(host, port, allowedHosts, requireToken, token, webRoot, slots, version, live, meters);
  }

  public HubOptions webRoot(@Nullable Path webRoot) {
    return new HubOptions(host, port, allowedHosts, requireToken, token, webRoot, slots, version, live, meters);
  }

  public HubOptions slots(int slots) {
    return new HubOptions(host, port, allowedHosts, requireToken, token, webRoot, slots, version, live, meters);
  }

  public HubOptions live(LiveFeed.Options live) {
    return new HubOptions(host, port, allowedHosts, requireToken, token, webRoot, slots, version, live, meters);
  }

  public HubOptions meters(RunMeters.Limits meters) {
    return new HubOptions(host, port, allowedHosts, requireToken, token, webRoot, slots, version, live, meters);
  }

  /** Whether seeing and logging ask for the token. */
  boolean closed() {
    return requireToken || !loopback(host);
  }

  /** How a link names it. */
  String url(int port) {
    String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return "http://" + name + ":" + port;
  }

  /** A name that cannot be resolved is none: rather closed than open. */
  private static boolean loopback(String host) {
    try {
      return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
