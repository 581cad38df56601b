package io.trainyard.tests.integration;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of the live feed: one thread of its own reads, the test asks for what has come. */
final class ServerSentEvents implements AutoCloseable {
  /** One event, as it came. */
  record Event(String id, String name, JsonNode data) {}

  private final List<Event> events = new ArrayList<>();
  private final HttpURLConnection connection;

  private ServerSentEvents(HttpURLConnection connection) {
    this.connection = connection;
  }

  /** @param cursor of the last event that this client has; null: it is new */
  static ServerSentEvents follow(Api api, String query, @Nullable String cursor) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) api.base().resolve("/api/v1/live" + query).toURL().openConnection();
    connection.setRequestProperty("Accept", "text/event-stream");
    if (cursor != null) {
      connection.setRequestProperty("Last-Event-ID", cursor);
    }
    ServerSentEvents feed = new ServerSentEvents(connection);
    InputStream in = connection.getInputStream();
    Thread thread = new Thread(() -> feed.read(in), "feed");
    thread.setDaemon(true);
    thread.start();
    return feed;
  }

  private void read(InputStream in) {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      String id = "";
      String name = "message";
      StringBuilder data = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          if (data.length() > 0) {
            JsonNode json = Program.JSON.readTree(data.toString());
            synchronized (events) {
              events.add(new Event(id, name, json));
            }
          }
          name = "message";
          data.setLength(0);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        }
      }
    } catch (IOException closed) {
      // The test has seen enough, or the hub is gone.
      return;
    }
  }

  List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  List<Event> events(String name) {
    return events().stream().filter(event -> event.name().equals(name)).toList();
  }

  Event await(String what, String name, Predicate<JsonNode> wanted) throws Exception {
    return Eventually.get(what, 20, () -> events(name).stream().filter(event -> wanted.test(event.data())).findFirst());
  }

  Event hello() throws Exception {
    return Eventually.get("hello", 10, () -> events().isEmpty() ? Optional.empty() : Optional.of(events().get(0)));
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
