package io.trainyard.hub;

import static io.trainyard.hub.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.core.run.Home;
import io.trainyard.hub.http.Access;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What SECURITY.md promises. */
class SecurityTest {
  private static final String LAUNCH = "/api/v1/experiments/0/runs";
  private static final String TOKEN = "0123456789abcdef-secret";

  @TempDir Path folder;
  private TestHub hub;

  @BeforeEach
  void start() {
    hub = new TestHub(folder, options -> options.allowedHosts(List.of("Trainyard.example")));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private Raw raw(String method, String path, String headers) throws IOException {
    return Raw.send(hub.port, method + " " + path + " HTTP/1.1\n" + headers + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0", "[::2]", "127.0.0.2", ""})
  void aForgedHostIsMisdirected(String host) throws IOException {
    for (String path : List.of("/", "/livez", "/api/v1/runs", "/metrics", "/login?key=x")) {
      Raw answer = raw("GET", path, "Host: " + host + "\n");
      assertThat(answer.status()).as(path).isEqualTo(421);
      assertThat(answer.body()).contains("--allowed-host");
    }
  }

  @Test
  void noHostAndTwoHostsAreMisdirected() throws IOException {
    assertThat(raw("GET", "/livez", "").status()).isIn(400, 421);
    assertThat(raw("GET", "/livez", "Host: localhost\nHost: evil.example\n").status()).isIn(400, 421);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1", "[::1]", "[::1]:8080", "trainyard.example", "Trainyard.Example:443"})
  void ourOwnNamesAreTaken(String host) throws IOException {
    assertThat(raw("GET", "/livez", "Host: " + host + "\n").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "file://", "http://127.0.0.1.evil.example", "garbage"})
  void aForgedOriginIsForbidden(String origin) throws IOException {
    String host = "Host: 127.0.0.1:" + hub.port + "\nOrigin: " + origin + "\n";
    assertThat(raw("GET", "/api/v1/runs", host).status()).isEqualTo(403);
    assertThat(raw("POST", "/api/v1/experiments", host + "Content-Type: application/json\nContent-Length: 2\n\n{}").status()).isEqualTo(403);
    assertThat(raw("OPTIONS", "/api/v1/experiments", host + "Access-Control-Request-Method: POST\n").head()).doesNotContain("Access-Control-Allow");
  }

  @Test
  void ourOwnOriginIsTaken() throws IOException {
    String host = "Host: 127.0.0.1:" + hub.port + "\n";
    assertThat(raw("GET", "/api/v1/hub", host + "Origin: http://127.0.0.1:" + hub.port + "\n").status()).isEqualTo(200);
    assertThat(raw("GET", "/api/v1/hub", "Host: trainyard.example\nOrigin: https://trainyard.example\n").status()).as("behind a proxy").isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void aWriteFromAnotherSiteIsForbidden(String site) throws IOException {
    String headers = "Host: 127.0.0.1:" + hub.port + "\nSec-Fetch-Site: " + site + "\n";
    assertThat(raw("POST", "/api/v1/experiments", headers + "Content-Type: application/json\nContent-Length: 12\n\n{\"name\":\"x\"}").status()).isEqualTo(403);
    assertThat(raw("DELETE", "/api/v1/experiments/0", headers).status()).isEqualTo(403);
    assertThat(raw("GET", "/", headers).status()).as("a link to the dashboard").isNotEqualTo(403);
  }

  @Test
  void aLaunchWithoutATokenIsRefused() throws Exception {
    HttpRequest.Builder launch =
        hub.request(LAUNCH).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{\"task\":\"linreg\"}"));
    HttpResponse<String> refused = hub.send(launch);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
    assertThat(json(refused).get("detail").asText()).contains("launch").doesNotContain(hub.token);
    assertThat(hub.send(launch.header("Authorization", "Bearer " + hub.token)).statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer wrong", "Bearer ", "Bearer", "Basic YWRtaW46YWRtaW4=", "wrong"})
  void aWrongTokenIsRefusedEvenWhereNoneIsNeeded(String authorization) throws Exception {
    assertThat(hub.send(hub.request("/api/v1/runs").header("Authorization", authorization)).statusCode()).isEqualTo(401);
  }

  @Test
  void theLinksKeyIsNotTheToken() throws Exception {
    String link = hub.server.loginUrl();
    assertThat(link).startsWith("http://127.0.0.1:" + hub.port + "/login?key=").doesNotContain(hub.token);
    String key = link.substring(link.indexOf('=') + 1);
    assertThat(hub.send(hub.request("/api/v1/runs").header("Authorization", "Bearer " + key)).statusCode()).isEqualTo(401);
    assertThat(hub.get("/login?key=" + hub.token).statusCode()).isEqualTo(401);
    assertThat(hub.get("/login").statusCode()).isEqualTo(401);
  }

  @Test
  void theCookieLaunchesButIsNoAdmin() throws Exception {
    HttpResponse<String> login = hub.get("/login?key=" + Access.loginKey(hub.token));
    assertThat(login.statusCode()).isEqualTo(302);
    assertThat(login.headers().firstValue("Location")).contains("/");
    String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).containsIgnoringCase("HttpOnly").contains("SameSite=Strict").contains("Path=/").doesNotContain(hub.token);
    String sent = cookie.substring(0, cookie.indexOf(';'));
    HttpRequest.Builder launch =
        hub.request(LAUNCH).header("Cookie", sent).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{\"task\":\"linreg\"}"));
    assertThat(hub.send(launch).statusCode()).isEqualTo(201);
    HttpResponse<String> admin = hub.send(hub.request("/api/v1/verify").header("Cookie", sent).POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(admin.statusCode()).isEqualTo(403);
    String forged = sent.substring(0, sent.indexOf('=') + 1) + "0".repeat(64);
    assertThat(hub.send(hub.request(LAUNCH).header("Cookie", forged).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{}"))).statusCode())
        .isEqualTo(401);
  }

  @Test
  void everyAnswerHasTheSecurityHeaders() throws Exception {
    for (String path : List.of("/livez", "/api/v1/runs", "/api/v1/nope", "/")) {
      var headers = hub.get(path).headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElse("")).as(path).contains("default-src 'self'").contains("frame-ancestors 'none'");
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
      assertThat(headers.firstValue("Cross-Origin-Opener-Policy")).contains("same-origin");
    }
    assertThat(raw("GET", "/", "Host: evil\n").head()).contains("X-Content-Type-Options");
  }

  @Test
  void withRequireTokenNothingIsSeenWithoutIt(@TempDir Path other) throws Exception {
    try (TestHub closed = new TestHub(other, options -> options.requireToken(true))) {
      assertThat(closed.get("/api/v1/runs").statusCode()).isEqualTo(401);
      assertThat(closed.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(closed.get("/api/v1/live").statusCode()).isEqualTo(401);
      assertThat(closed.get("/livez").statusCode()).isEqualTo(200);
      assertThat(closed.send(closed.launching("/api/v1/runs")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void offLoopbackAHubNeedsATokenOfItsOwn(@TempDir Path other) throws Exception {
    for (String host : List.of("0.0.0.0", "::", "192.0.2.1", "")) {
      assertThatThrownBy(() -> HubOptions.defaults().listen(host, 0, null)).hasMessageContaining("no token is configured");
    }
    assertThatThrownBy(() -> HubOptions.defaults().listen("0.0.0.0", 0, "short")).hasMessageContaining("at least 16 characters");
    try (TestHub open = new TestHub(other, options -> options.listen("0.0.0.0", 0, TOKEN))) {
      assertThat(open.get("/api/v1/runs").statusCode()).as("to see takes the token, too").isEqualTo(401);
      assertThat(open.send(open.launching("/api/v1/runs")).statusCode()).isEqualTo(200);
      assertThat(Raw.send(open.port, "GET /livez HTTP/1.1\nHost: 0.0.0.0\n\n").status()).isEqualTo(421);
    }
  }

  @Test
  void theTokenIsItsOwnersOnly() throws Exception {
    Path file = new Home(folder).token();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    assertThat(Files.readString(file).strip()).matches("[0-9a-f]{64}");
    assertThat(Token.of(new Home(folder))).as("the same at the next start").isEqualTo(hub.token);
    Files.writeString(file, "x");
    assertThatThrownBy(() -> Token.of(new Home(folder))).hasMessageContaining("holds no token");
  }

  @Test
  void aPortInUseIsNamedWithTheWayOut(@TempDir Path other) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> new TestHub(other, options -> options.port(port)))
          .hasMessageContaining("Port " + port + " on 127.0.0.1 is in use")
          .hasMessageContaining("--port " + (port + 1));
    }
  }

  @Test
  void failuresOfOursShowNoStack() throws Exception {
    hub.store.close();
    HttpResponse<String> response = hub.get("/api/v1/runs");
    assertThat(response.statusCode()).isGreaterThanOrEqualTo(500);
    assertThat(response.body()).doesNotContain("Exception").doesNotContain("at io.trainyard");
  }
}
