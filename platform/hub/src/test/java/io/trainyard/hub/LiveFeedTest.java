package io.trainyard.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.LogStored;
import io.trainyard.core.bus.Addresses.PluginsChanged;
import io.trainyard.core.bus.Addresses.QueueStatus;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.MetricBatch.Column;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.store.Change;
import io.trainyard.hub.live.LiveFeed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser sees of a run while it runs, whatever its connection does. */
class LiveFeedTest {
  @TempDir Path folder;
  private TestHub hub;
  private RunRecord run;

  @BeforeEach
  void start() {
    hub = new TestHub(folder, options -> options.live(new LiveFeed.Options(1 << 20, 200, 1_000)));
    run = hub.running(Map.of());
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private void log(long first, int count) {
    long[] steps = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      steps[i] = first + i;
      values[i] = 1.0 / (first + i);
    }
    TestHub.await(
        hub.bus.request(
            Addresses.APPEND,
            new MetricBatch(
                run.id(), 1, run.attempts().get(0).fence(), MetricBatch.UNSEQUENCED, MetricBatch.UNSEQUENCED,
                List.of(new Column("train/loss", steps, steps, values)))));
  }

  @Test
  void saysHelloThenThePointsInOrderAndTheEnd() throws Exception {
    try (Events events = new Events(hub, "?points=" + run.id(), null)) {
      JsonNode hello = events.next("hello").data();
      assertThat(Schema.ofBuild().check("LiveHello", hello)).isEmpty();
      assertThat(hello.get("resumed").asBoolean()).isFalse();
      List<Long> seen = new ArrayList<>();
      long version = -1;
      for (int step = 1; step <= 30; step++) {
        log(step, 1);
        Thread.sleep(5);
      }
      while (seen.size() < 30) {
        JsonNode points = events.next("points").data();
        assertThat(Schema.ofBuild().check("LivePoints", points)).isEmpty();
        assertThat(version < 0 || points.get("previous").asLong() == version).as("no gap between versions").isTrue();
        version = points.get("version").asLong();
        points.get("series").get(0).get("steps").forEach(step -> seen.add(step.asLong()));
      }
      assertThat(seen).isSorted().doesNotHaveDuplicates().hasSize(30);
      hub.write(new Change.EndAttempt(run.id(), 1, run.attempts().get(0).fence(), RunState.FINISHED, null, 5, false, 0));
      JsonNode row;
      do {
        row = events.next("run").data();
        assertThat(Schema.ofBuild().check("Run", row)).isEmpty();
      } while (!row.get("state").asText().equals("FINISHED"));
      assertThat(row.get("metrics").get("train/loss").get("count").asLong()).isEqualTo(30);
    }
  }

  @Test
  void theFirstPointComesAtOnceAndTheOthersAtMostEvery50Milliseconds() throws Exception {
    try (Events events = new Events(hub, "?points=" + run.id(), null)) {
      events.next("hello");
      long started = System.nanoTime();
      int points = 0;
      int frames = 0;
      for (int step = 1; step <= 100; step++) {
        log(step, 1);
      }
      while (points < 100) {
        points += events.next("points").data().get("series").get(0).get("steps").size();
        frames++;
      }
      long millis = (System.nanoTime() - started) / 1_000_000;
      assertThat(frames).isLessThanOrEqualTo((int) (millis / 50) + 2);
    }
  }

  @Test
  void manyPointsAreSkippedAndOtherRunsArePassedOver() throws Exception {
    try (Events events = new Events(hub, "?points=" + run.id(), null);
        Events others = new Events(hub, "", null)) {
      events.next("hello");
      log(1, 5_000);
      JsonNode skipped = events.next("points").data();
      assertThat(skipped.get("skipped").asLong()).isEqualTo(5_000);
      assertThat(Schema.ofBuild().check("LivePoints", skipped)).isEmpty();
      others.next("hello");
      for (int i = 0; i < 3; i++) {
        assertThat(others.any().name()).as("nobody asked for points there").isIn("run", "ping");
      }
    }
  }

  @Test
  void goesOnWhereItWas() throws Exception {
    String cursor;
    try (Events events = new Events(hub, "?points=" + run.id(), null)) {
      events.next("hello");
      log(1, 1);
      cursor = events.next("points").id();
    }
    log(2, 1);
    log(3, 1);
    Thread.sleep(150);
    for (String way : List.of("header", "query")) {
      try (Events events = new Events(hub, "?points=" + run.id() + (way.equals("query") ? "&cursor=" + cursor : ""), way.equals("header") ? cursor : null)) {
        assertThat(events.next("hello").data().get("resumed").asBoolean()).isTrue();
        List<Long> steps = new ArrayList<>();
        while (steps.size() < 2) {
          events.next("points").data().get("series").get(0).get("steps").forEach(step -> steps.add(step.asLong()));
        }
        assertThat(steps).containsExactly(2L, 3L);
      }
    }
  }

  @Test
  void saysThatThereIsAGapAfterARestartAndWhenTooMuchHasPassed() throws Exception {
    for (String cursor : List.of("another-instance-5", "garbage", "-", "x-99999999999999999999")) {
      try (Events events = new Events(hub, "", cursor)) {
        assertThat(events.next("hello").data().get("resumed").asBoolean()).isFalse();
        events.next("gap");
      }
    }
    String cursor;
    try (Events events = new Events(hub, "?log=" + run.id(), null)) {
      cursor = events.next("hello").id();
      publishLog(0, 40, 64 << 10);
      Thread.sleep(300);
    }
    try (Events events = new Events(hub, "?log=" + run.id(), cursor)) {
      assertThat(events.next("hello").data().get("resumed").asBoolean()).isFalse();
      events.next("gap");
    }
  }

  private void publishLog(long from, int count, int bytes) {
    byte[] text = "x".repeat(bytes).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < count; i++) {
      hub.bus.publish(Addresses.LOGGED, new LogStored(run.id(), 1, from + (long) i * bytes, text));
    }
  }

  @Test
  void outputIsCutWhereCharactersEnd() throws Exception {
    try (Events events = new Events(hub, "?log=" + run.id(), null)) {
      events.next("hello");
      byte[] bytes = "naïve €".getBytes(StandardCharsets.UTF_8);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < bytes.length; i++) {
        hub.bus.publish(Addresses.LOGGED, new LogStored(run.id(), 1, i, new byte[] {bytes[i]}));
      }
      long next = 0;
      while (next < bytes.length) {
        JsonNode log = events.next("log").data();
        assertThat(Schema.ofBuild().check("LiveLog", log)).isEmpty();
        assertThat(log.get("from").asLong()).isEqualTo(next);
        next = log.get("next").asLong();
        text.append(log.get("text").asText());
      }
      assertThat(text).hasToString("naïve €");
    }
  }

  @Test
  void saysHowTheQueueIsAndThatPluginsHaveChanged() throws Exception {
    try (Events events = new Events(hub, "", null)) {
      events.next("hello");
      hub.bus.publish(Addresses.QUEUE, new QueueStatus(3, 1, 2, List.of()));
      hub.bus.publish(Addresses.QUEUE, new QueueStatus(3, 1, 2, List.of("same numbers")));
      hub.bus.publish(Addresses.PLUGINS, new PluginsChanged());
      assertThat(events.next("hub").data().toString()).isEqualTo("{\"queued\":3,\"running\":1,\"slots\":2}");
      Events.Event next;
      do {
        next = events.any();
        assertThat(next.name()).isNotEqualTo("hub");
      } while (!next.name().equals("plugins"));
      events.next("ping");
    }
  }

  @Test
  void aSlowClientIsBroughtUpToDateInsteadOfGettingEverything(@TempDir Path other) throws Exception {
    try (TestHub patient = new TestHub(other, options -> options.live(new LiveFeed.Options(64 << 20, 200, 60_000)));
        Socket slow = new Socket()) {
      RunRecord row = patient.running(Map.of());
      slow.setReceiveBufferSize(4096);
      slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), patient.port));
      slow.setSoTimeout(10_000);
      String request = "GET /api/v1/live?log=" + row.id() + "&points=" + row.id() + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      slow.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      Thread.sleep(300);
      byte[] text = "x".repeat(64 << 10).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 300; i++) {
        patient.bus.publish(Addresses.LOGGED, new LogStored(row.id(), 1, (long) i * text.length, text));
      }
      for (int i = 1; i <= 20; i++) {
        long[] step = {i};
        TestHub.await(
            patient.bus.request(
                Addresses.APPEND,
                new MetricBatch(
                    row.id(), 1, row.attempts().get(0).fence(), MetricBatch.UNSEQUENCED, MetricBatch.UNSEQUENCED,
                    List.of(new Column("train/loss", step, step, new double[] {i})))));
        patient.write(new Change.EditRun(row.id(), "name " + i, null, Map.of()));
      }
      Thread.sleep(500);
      StringBuilder seen = new StringBuilder();
      byte[] bytes = new byte[64 << 10];
      // A sign of life after the gap: it has all that there is.
      while (seen.indexOf("event: gap") < 0 || seen.indexOf("event: ping", seen.indexOf("event: gap")) < 0) {
        seen.append(new String(bytes, 0, slow.getInputStream().read(bytes), StandardCharsets.ISO_8859_1));
      }
      assertThat(seen.toString().split("event: log", -1).length - 1).as("not all of the output").isLessThan(300);
      assertThat(seen).contains("\"skipped\":20}").contains("\"name\":\"name 20\"").doesNotContain("\"name\":\"name 10\"");
      assertThat(patient.get("/metrics").body()).doesNotContain("trainyard_live_dropped_total 0.0");
    }
  }

  @Test
  void aClientThatTakesNothingIsLetGoAndTheOthersSeeEverything() throws Exception {
    try (Socket stalled = new Socket();
        Events events = new Events(hub, "?log=" + run.id(), null)) {
      events.next("hello");
      stalled.setReceiveBufferSize(4096);
      stalled.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), hub.port));
      stalled.getOutputStream()
          .write(("GET /api/v1/live?log=" + run.id() + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      Thread.sleep(200);
      long deadline = System.nanoTime() + 20_000_000_000L;
      long from = 0;
      long seen = 0;
      while (!hub.get("/metrics").body().contains("trainyard_live_stalled_total 1.0")) {
        assertThat(System.nanoTime()).as("the stalled client should have been let go").isLessThan(deadline);
        publishLog(from, 4, 64 << 10);
        from += 4 * (64 << 10);
        while (seen < from) {
          JsonNode log = events.next("log").data();
          assertThat(log.get("from").asLong()).isEqualTo(seen);
          seen = log.get("next").asLong();
        }
        Thread.sleep(50);
      }
      while (!hub.get("/metrics").body().contains("trainyard_live_clients 1.0")) {
        assertThat(System.nanoTime()).as("its connection should have been closed").isLessThan(deadline);
        Thread.sleep(50);
      }
    }
  }
}
