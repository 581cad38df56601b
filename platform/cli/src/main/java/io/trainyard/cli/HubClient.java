package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API from Java. Blocks; for the command's own thread. Errors become a {@link CommandException} that says what
 * the hub said.
 */
final class HubClient {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final URI base;
  private final @Nullable String token;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

  HubClient(URI base, @Nullable String token) {
    this.base = base;
    this.token = token;
  }

  URI base() {
    return base;
  }

  JsonNode get(String path) {
    return json(request(path).GET().build());
  }

  JsonNode post(String path, Object body) {
    return post(path, body, PATIENCE);
  }

  /** As {@link #post(String, Object)}, for what takes the hub longer than a moment. */
  JsonNode post(String path, Object body, Duration patience) {
    return json(
        request(path)
            .timeout(patience)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(HttpRequest.BodyPublishers.ofString(write(body)))
            .build());
  }

  /** The body as it comes, for what may be large. */
  InputStream stream(String path) {
    try {
      HttpResponse<InputStream> response =
          http.send(
              request(path).timeout(Duration.ofHours(1)).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() >= 400) {
        try (InputStream body = response.body()) {
          throw problem(response.statusCode(), body.readAllBytes());
        }
      }
      return response.body();
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  private JsonNode json(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() >= 400) {
        throw problem(response.statusCode(), response.body());
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static String write(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static CommandException problem(int status, byte[] body) {
    StringBuilder text = new StringBuilder();
    try {
      JsonNode problem = JSON.readTree(body);
      text.append(problem.path("detail").asText(problem.path("title").asText("the hub answered " + status)));
      for (JsonNode error : problem.path("errors")) {
        String field = error.path("field").asText();
        boolean param = field.startsWith("params.");
        String shown = param ? "--" + field.substring("params.".length()).replace('_', '-') : field;
        text.append("\n  ").append(shown).append(' ').append(error.path("message").asText());
      }
    } catch (IOException e) {
      text.append("the hub answered ").append(status).append(": ").append(new String(body, StandardCharsets.UTF_8));
    }
    if (status == 401) {
      text.append("\nGive this command the hub's token with --token-file.");
    }
    int code =
        switch (status) {
          case 400, 409, 413, 415, 422 -> ExitCode.BAD_INPUT;
          case 404 -> ExitCode.NOT_FOUND;
          default -> ExitCode.FAILED;
        };
    return new CommandException(code, text.toString());
  }

  private CommandException unreachable(IOException e) {
    // A refused connection has no message.
    String why = e instanceof ConnectException ? "nobody listens there; is it up?" : String.valueOf(e.getMessage());
    return new CommandException(ExitCode.NO_HUB, "the hub at " + base + " does not answer: " + why);
  }

  private static CommandException interrupted() {
    Thread.currentThread().interrupt();
    return new CommandException(ExitCode.FAILED, "interrupted");
  }
}
