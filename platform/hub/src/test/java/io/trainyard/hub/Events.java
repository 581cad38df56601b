package io.trainyard.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A browser at the live feed. */
final class Events implements AutoCloseable {
  record Event(String id, String name, JsonNode data) {}

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final java.io.InputStream stream;

  Events(TestHub hub, String query, String lastEventId) throws IOException, InterruptedException {
    HttpRequest.Builder request = hub.request("/api/v1/live" + query);
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<java.io.InputStream> response = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200 || !response.headers().firstValue("Content-Type").orElse("").equals("text/event-stream")) {
      throw new AssertionError(response + " " + response.headers().map());
    }
    stream = response.body();
    Thread reader = new Thread(this::read, "events");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      String id = "";
      String name = "";
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          events.add(new Event(id, name, TestHub.JSON.readTree(line.substring(6))));
        }
      }
    } catch (IOException e) {
      // The test has closed it.
    }
  }

  Event any() throws InterruptedException {
    Event event = events.poll(10, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event for 10 s");
    }
    return event;
  }

  /** The next of this name; others are passed over. */
  Event next(String name) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < deadline) {
      Event event = any();
      if (event.name().equals(name)) {
        return event;
      }
    }
    throw new AssertionError("no " + name + " for 10 s");
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
