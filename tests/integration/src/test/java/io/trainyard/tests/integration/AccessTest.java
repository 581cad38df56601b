package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what, and what other web sites may not. */
final class AccessTest {
  private static final String LAUNCH = "/api/v1/experiments/0/runs";
  private static final Map<String, Object> LAB = Map.of("task", "lab");

  @TempDir static Path folder;
  private static LiveHub hub;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    hub = LiveHub.up(home, "--slots", "0", "--allowed-host", "trainyard.example");
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  private static String authority() {
    return hub.api().base().getAuthority();
  }

  @Test
  void aForgedHostIsMisdirected() throws Exception {
    int port = hub.api().base().getPort();
    for (String host : List.of("evil.example", "evil.example:" + port, "127.0.0.1.evil.example", "0.0.0.0")) {
      hub.api().with("Host", host).get("/api/v1/runs").problem(421);
      hub.api().with("Host", host).post(LAUNCH, LAB).problem(421);
      hub.stranger().with("Host", host).get("/").problem(421);
    }
    hub.api().with("Host", "localhost:" + port).get("/api/v1/runs").is(200);
    hub.api().with("Host", "trainyard.example").get("/api/v1/runs").is(200);
  }

  @Test
  void pagesOfOtherOriginsAreRefused() throws Exception {
    for (String origin : List.of("http://evil.example", "null", "http://127.0.0.1:1", "https://localhost", "file://")) {
      hub.api().with("Origin", origin).get("/api/v1/runs").problem(403);
      hub.api().with("Origin", origin).post(LAUNCH, LAB).problem(403);
    }
    hub.api().with("Origin", "http://" + authority()).get("/api/v1/runs").is(200);
    hub.api().with("Origin", "http://" + authority()).post(LAUNCH, LAB).is(201);
    assertThat(hub.api().get("/api/v1/runs").header("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void writesFromOtherSitesAreRefused() throws Exception {
    for (String site : List.of("cross-site", "same-site")) {
      hub.api().with("Sec-Fetch-Site", site).post(LAUNCH, LAB).problem(403);
      hub.stranger().with("Sec-Fetch-Site", site).post("/api/v1/experiments", Map.of("name", "x")).problem(403);
    }
    hub.api().with("Sec-Fetch-Site", "same-origin").post(LAUNCH, LAB).is(201);
    // A link from another site may be followed.
    hub.stranger().with("Sec-Fetch-Site", "cross-site").get("/api/v1/runs").is(200);
  }

  @Test
  void onLoopbackAnybodyMayReadAndTrackButNotLaunch() throws Exception {
    hub.stranger().get("/api/v1/runs").is(200);
    hub.stranger().post("/api/v1/experiments/0/tracked-runs", Map.of()).is(201);
    String run = hub.launch("lab", Map.of());
    Api.Answer refused = hub.stranger().post(LAUNCH, LAB);
    assertThat(refused.problem(401).path("detail").asText()).contains("role launch");
    assertThat(refused.header("WWW-Authenticate").orElse("")).startsWith("Bearer");
    hub.stranger().post("/api/v1/runs/" + run + "/stop", Map.of()).problem(401);
    hub.stranger().post("/api/v1/runs/" + run + "/rerun", Map.of()).problem(401);
    assertThat(hub.run(run).path("state").asText()).isEqualTo("QUEUED");
    assertThat(hub.stranger().get("/api/v1/hub").json().path("roles").toString()).isEqualTo("[\"read\",\"track\"]");
    assertThat(hub.get("/api/v1/hub").path("roles").toString()).contains("launch");
  }

  @Test
  void aWrongTokenIsRefusedEvenWhereNoneIsNeeded() throws Exception {
    for (String value : List.of("Bearer wrong", "Bearer ", "Basic dXNlcjpwYXNz")) {
      Api wrong = hub.stranger().with("Authorization", value);
      wrong.get("/api/v1/runs").problem(401);
      wrong.post(LAUNCH, LAB).problem(401);
    }
  }

  @Test
  void thePrintedLinkSetsACookieThatMayLaunch() throws Exception {
    URI link = hub.link();
    assertThat(link.getPath()).isEqualTo("/login");
    Api.Answer answer = hub.stranger().get(link.getPath() + "?" + link.getQuery()).is(302);
    assertThat(answer.header("Location")).hasValue("/");
    String cookie = answer.header("Set-Cookie").orElseThrow();
    assertThat(cookie).containsIgnoringCase("HttpOnly").contains("SameSite=Strict");
    Api browser = hub.stranger().with("Cookie", cookie.split(";", 2)[0]);
    browser.post(LAUNCH, LAB).is(201);
    // To look after the hub takes the token itself.
    browser.post("/api/v1/verify", Map.of()).problem(403);
    hub.stranger().get("/login?key=wrong").problem(401);
    String token = Files.readString(hub.home().resolve("token")).strip();
    assertThat(link.toString()).doesNotContain(token);
    assertThat(cookie).doesNotContain(token);
  }

  @Test
  void theTokenIsItsOwnersOnly() throws Exception {
    Path file = hub.home().resolve("token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    assertThat(Files.readString(file).strip().length()).isGreaterThanOrEqualTo(32);
    assertThat(hub.err() + hub.out()).doesNotContain(Files.readString(file).strip());
  }

  @Test
  void answersTellTheBrowserToStayWithinThisOrigin() throws Exception {
    for (String path : List.of("/api/v1/runs", "/livez", "/nonesuch.js")) {
      Api.Answer answer = hub.stranger().get(path);
      assertThat(answer.header("Content-Security-Policy").orElse("")).contains("default-src 'self'")
          .contains("frame-ancestors 'none'");
      assertThat(answer.header("X-Content-Type-Options")).hasValue("nosniff");
    }
  }

  @Test
  void aHubThatRequiresTheTokenIsClosedToAllOthers() throws Exception {
    Path own = folder.resolve("own-token");
    Files.writeString(own, "a token of my own choice\n");
    try (LiveHub closed = LiveHub.up(folder.resolve("closed"), "--require-token", "--token-file", own.toString())) {
      closed.stranger().get("/api/v1/runs").problem(401);
      closed.stranger().get("/metrics").problem(401);
      closed.stranger().post("/api/v1/experiments/0/tracked-runs", Map.of()).problem(401);
      closed.stranger().get("/livez").is(200);
      closed.stranger().get("/readyz").is(200);
      Api with = closed.stranger().with("Authorization", "Bearer a token of my own choice");
      JsonNode hub = with.get("/api/v1/hub").is(200).json();
      assertThat(hub.path("version").asText()).isEqualTo("0.1.0");
    }
  }
}
