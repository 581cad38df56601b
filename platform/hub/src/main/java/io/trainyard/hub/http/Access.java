package io.trainyard.hub.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. Any thread may ask.
 *
 * <p>There is one secret, the token. The key in the printed link and the cookie's value are derived from it, each by its own HMAC:
 * a link in a browser's history, or a stolen cookie, is not the token, and gives all roles but admin's.
 */
public final class Access {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final Set<Role> BROWSER = EnumSet.of(Role.OPEN, Role.READ, Role.TRACK, Role.LAUNCH);
  private static final Set<Role> OPEN_LOOPBACK = EnumSet.of(Role.OPEN, Role.READ, Role.TRACK);
  private static final Set<Role> STRANGER = EnumSet.of(Role.OPEN);
  private static final long COOKIE_SECONDS = 30L * 24 * 3600;

  private final String token;
  private final String cookieName;
  private final String cookieValue;
  private final Set<Role> withoutToken;

  /** @param closed whether to see and to log asks for the token, too */
  public Access(String token, boolean closed) {
    this.token = token;
    this.cookieValue = derived(token, "cookie");
    // Cookies know no ports: two hubs on one machine must not overwrite each other's.
    this.cookieName = "trainyard_" + derived(token, "name").substring(0, 8);
    this.withoutToken = closed ? STRANGER : OPEN_LOOPBACK;
  }

  /** What {@code /login?key=} takes: for whoever prints the link. */
  public static String loginKey(String token) {
    return derived(token, "login");
  }

  /** The caller's roles; null when they sent a token that is none, which is refused even where none is needed. */
  @Nullable Set<Role> roles(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    if (authorization != null) {
      String prefix = "Bearer ";
      boolean bearer = authorization.regionMatches(true, 0, prefix, 0, prefix.length());
      return bearer && same(authorization.substring(prefix.length()).trim(), token) ? ALL : null;
    }
    for (Cookie cookie : request.cookies(cookieName)) {
      if (same(cookie.getValue(), cookieValue)) {
        return BROWSER;
      }
    }
    return withoutToken;
  }

  /** The cookie for whoever shows the right key; null for a wrong one. */
  public @Nullable Cookie login(String key) {
    if (!same(key, loginKey(token))) {
      return null;
    }
    return Cookie.cookie(cookieName, cookieValue)
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setPath("/")
        .setMaxAge(COOKIE_SECONDS);
  }

  /** Takes as long for a wrong text as for the right one, whatever they have in common. */
  private static boolean same(@Nullable String given, String secret) {
    return given != null
        && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
  }

  private static String derived(String token, String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] hash = mac.doFinal(("trainyard " + purpose).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
