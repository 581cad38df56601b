package io.trainyard.tests.integration;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client of the live feed: one thread of its own reads, the test asks for what has come. On a plain socket, which
 * closes when it is told to. Lines that say how long a chunk is look like no field of an event, and are skipped.
 */
final class ServerSentEvents implements AutoCloseable {
  /** One event, as it came. */
  record Event(String id, String name, JsonNode data) {}

  private final List<Event> events = new ArrayList<>();
  private final Socket socket;

  private ServerSentEvents(Socket socket) {
    this.socket = socket;
  }

  /** @param cursor of the last event that this client has; null: it is new */
  static ServerSentEvents follow(Api api, String query, @Nullable String cursor) throws IOException {
    Socket socket = new Socket(api.base().getHost(), api.base().getPort());
    String request =
        "GET /api/v1/live" + query + " HTTP/1.1\r\n"
            + "Host: " + api.base().getAuthority() + "\r\n"
            + "Accept: text/event-stream\r\n"
            + (cursor == null ? "" : "Last-Event-ID: " + cursor + "\r\n") + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    ServerSentEvents feed = new ServerSentEvents(socket);
    Thread thread = new Thread(feed::read, "feed");
    thread.setDaemon(true);
    thread.start();
    return feed;
  }

  private void read() {
    try (InputStream in = socket.getInputStream();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      String id = "";
      String name = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          Event event = new Event(id, name, Program.JSON.readTree(line.substring(6)));
          synchronized (events) {
            events.add(event);
          }
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
  public void close() throws IOException {
    socket.close();
  }
}
