package io.trainyard.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dashboards and alerts hold on to these names: a name here is renamed only by shipping both for a release, the old one said to be
 * deprecated in its help.
 */
class MetricNamesTest {
  private static final Set<String> FROZEN =
      Set.of(
          "trainyard_bus_announcements_total counter",
          "trainyard_event_loop_delay_seconds histogram",
          "trainyard_event_loop_delay_seconds_max gauge",
          "trainyard_http_requests_seconds histogram",
          "trainyard_http_requests_seconds_max gauge",
          "trainyard_ingest_batches_total counter",
          "trainyard_ingest_bytes_total counter",
          "trainyard_ingest_lag_seconds histogram",
          "trainyard_ingest_lag_seconds_max gauge",
          "trainyard_ingest_points_total counter",
          "trainyard_live_clients gauge",
          "trainyard_live_dropped_total counter",
          "trainyard_live_events_total counter",
          "trainyard_live_stalled_total counter",
          "trainyard_plugins gauge",
          "trainyard_queue_runs gauge",
          "trainyard_run_accuracy gauge",
          "trainyard_run_gradient_norm gauge",
          "trainyard_run_info gauge",
          "trainyard_run_loss gauge",
          "trainyard_run_perplexity gauge",
          "trainyard_run_series_omitted gauge",
          "trainyard_run_step gauge",
          "trainyard_runs_ended_total counter",
          "trainyard_slots gauge",
          "trainyard_slots_busy gauge",
          "trainyard_store_damaged_parts gauge",
          "trainyard_store_fsync_seconds summary",
          "trainyard_store_pending_changes gauge",
          "trainyard_store_points gauge",
          "trainyard_store_size_bytes gauge",
          "trainyard_store_writable gauge");

  @TempDir Path folder;

  @Test
  void namesAreFrozenAndAsPrometheusWantsThem() throws Exception {
    try (TestHub hub = new TestHub(folder)) {
      RunRecord run = hub.running(Map.of());
      long[] one = {1};
      double[] value = {0.5};
      TestHub.await(
          hub.bus.request(
              Addresses.APPEND,
              new MetricBatch(
                  run.id(), 1, run.attempts().get(0).fence(), 0, 1,
                  List.of(
                      new MetricBatch.Column("train/loss", one, one, value),
                      new MetricBatch.Column("train/accuracy", one, one, value),
                      new MetricBatch.Column("train/perplexity", one, one, value),
                      new MetricBatch.Column("grad/norm", one, one, value)))));
      hub.tracked("{}");
      String id = hub.tracked("{\"name\":\"quote \\\" back \\\\ line \\n €\"}");
      hub.post("/api/v1/runs/" + id + "/end", "{\"state\":\"FAILED\"}");
      Thread.sleep(100);
      String text = hub.get("/metrics").body();
      Map<String, String> types = new HashMap<>();
      Set<String> helped = new HashSet<>();
      Set<String> series = new HashSet<>();
      for (String line : text.split("\n")) {
        String[] words = line.split(" ", 4);
        if (line.startsWith("# TYPE ")) {
          assertThat(types.put(words[2], words[3])).as(line).isNull();
        } else if (line.startsWith("# HELP ")) {
          assertThat(words[3]).as(line).isNotBlank();
          helped.add(words[2]);
        } else {
          assertThat(series.add(line.substring(0, line.lastIndexOf(' ')))).as("once only: " + line).isTrue();
        }
      }
      assertThat(helped).containsAll(types.keySet());
      Set<String> ours = new TreeSet<>();
      types.forEach(
          (name, type) -> {
            assertThat(name).matches("[a-z][a-z0-9_]*");
            assertThat(name.endsWith("_total")).as(name).isEqualTo(type.equals("counter"));
            assertThat(name).doesNotEndWith("_milliseconds").doesNotContain(type.equals("gauge") ? "_gauge" : "_counter");
            if (name.startsWith("trainyard_")) {
              ours.add(name + " " + type);
            }
          });
      assertThat(ours).containsExactlyInAnyOrderElementsOf(FROZEN);
      assertThat(text).contains("trainyard_ingest_points_total 4.0").contains("name=\"linreg-1\"");
      assertThat(text).contains("trainyard_runs_ended_total{state=\"FAILED\",task=\"\"} 1.0");
      assertThat(series).as("a platform with little to do").hasSizeLessThan(500);
    }
  }
}
