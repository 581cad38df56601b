package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What machines read: Prometheus, OpenAPI, health. */
final class ScrapeTest {
  @TempDir static Path folder;
  private static LiveHub hub;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    hub = LiveHub.up(home);
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  private static List<String> scrape() throws Exception {
    Api.Answer answer = hub.stranger().get("/metrics").is(200);
    assertThat(answer.header("Content-Type").orElse("")).startsWith("text/plain");
    return answer.text().lines().toList();
  }

  @Test
  void theLatestLossAndGradientNormOfAnActiveRunAreThere() throws Exception {
    String id = hub.launch("lab", LiveHub.params("steps", 100_000, "pause_ms", 5));
    hub.untilStep(id, 5);
    List<String> lines = scrape();
    String loss = only(lines, "trainyard_run_loss{", id);
    assertThat(loss).contains("split=\"train\"", "task=\"lab\"", "experiment=\"Default\"");
    assertThat(value(loss)).isBetween(0.0, 10.2);
    assertThat(value(only(lines, "trainyard_run_gradient_norm{", id))).isBetween(0.0, 1.0);
    assertThat(value(only(lines, "trainyard_run_step{", id))).isGreaterThanOrEqualTo(5);
    assertThat(only(lines, "trainyard_run_info{", id)).contains("state=\"RUNNING\"");
    assertThat(lines).anyMatch(line -> line.startsWith("trainyard_slots_busy 1"));

    hub.api().post("/api/v1/runs/" + id + "/stop", Map.of()).is(202);
    hub.untilEnd(id);
    // Within the grace of 5 minutes the last value stays for the last scrape.
    JsonNode last = hub.run(id).path("metrics").path("train/loss").path("last");
    assertThat(value(only(scrape(), "trainyard_run_loss{", id))).isEqualTo(last.asDouble());
    assertThat(only(scrape(), "trainyard_run_info{", id)).contains("state=\"STOPPED\"");
  }

  @Test
  void thePlatformMeasuresItself() throws Exception {
    assertThat(hub.task("lab")).isPresent();
    List<String> states = hub.stranger().get("/api/v1/plugins").is(200).json().findValuesAsText("state");
    assertThat(states).hasSizeGreaterThan(3).containsOnly("LOADED");
    assertThat(String.join("\n", scrape()))
        .contains("trainyard_ingest_points_total", "trainyard_store_fsync_seconds", "trainyard_http_requests_seconds",
            "jvm_memory_used_bytes")
        .contains("trainyard_plugins{state=\"LOADED\"} " + states.size() + ".0");
  }

  @Test
  void itIsAliveAndReady() throws Exception {
    hub.stranger().get("/livez").is(200);
    hub.stranger().get("/readyz").is(200);
  }

  @Test
  void theApiPageForMachinesListsEveryRouteOfThePageForPeople() throws Exception {
    JsonNode openApi = hub.stranger().get("/openapi.json").is(200).json();
    assertThat(openApi.path("openapi").asText()).startsWith("3.1");
    TreeSet<String> listed = new TreeSet<>();
    openApi
        .path("paths")
        .fields()
        .forEachRemaining(
            path -> path.getValue().fieldNames()
                .forEachRemaining(method -> listed.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    for (JsonNode path : openApi.path("paths")) {
      for (JsonNode operation : path) {
        assertThat(operation.path("x-role").asText()).isIn("open", "read", "track", "launch", "admin");
        assertThat(operation.path("operationId").asText()).isNotBlank();
      }
    }
    assertThat(listed).containsAll(documented());
  }

  @Test
  void everyReferenceOfTheApiPageLeadsSomewhere() throws Exception {
    JsonNode openApi = hub.stranger().get("/openapi.json").is(200).json();
    List<String> references = openApi.findValuesAsText("$ref");
    assertThat(references).isNotEmpty();
    for (String reference : references) {
      assertThat(openApi.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
  }

  /** From the table of routes in docs/reference/api.md; its query params are not part of a path. */
  private static List<String> documented() throws Exception {
    Path page = Path.of(System.getProperty("basedir", "."), "../../platform/docs/reference/api.md");
    List<String> routes = new ArrayList<>();
    Pattern route = Pattern.compile("`(?:(GET|POST|PATCH|DELETE) )?(/[^?`]*|\\.\\.\\.[^?`]*)(?:\\?[^`]*)?`");
    for (String line : Files.readAllLines(page)) {
      if (!line.matches("\\| `(GET|POST|PATCH|DELETE) .*")) {
        continue;
      }
      String method = "";
      String before = "";
      Matcher matcher = route.matcher(line.split("\\|")[1]);
      while (matcher.find()) {
        method = matcher.group(1) == null ? method : matcher.group(1);
        String path = matcher.group(2);
        if (path.startsWith("...")) {
          path = before + path.substring(3);
        } else if (!before.isEmpty() && before.startsWith("/api/v1") && !path.startsWith("/api")) {
          path = "/api/v1" + path;
        }
        routes.add(method + " " + path);
        before = path;
      }
    }
    assertThat(routes).hasSizeGreaterThan(30).contains("POST /api/v1/runs/{id}/restore", "GET /api/v1/tasks/{id}");
    return routes;
  }

  private static String only(List<String> lines, String start, String run) {
    List<String> found = lines.stream().filter(line -> line.startsWith(start) && line.contains(run)).toList();
    assertThat(found).as(start + " of " + run).hasSize(1);
    return found.get(0);
  }

  private static double value(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }
}
