package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API as a client sees it, with every header in the test's hand. Immutable.
 *
 * @param headers sent with each request
 */
record Api(URI base, Map<String, String> headers) {
  static {
    // A forged Host is what some tests are about.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
  }

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

  /** What came back. */
  record Answer(int status, HttpResponse<byte[]> response) {
    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() throws IOException {
      return Program.JSON.readTree(response.body());
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    Answer is(int expected) {
      assertThat(status).as(text()).isEqualTo(expected);
      return this;
    }

    /** It is RFC 9457's JSON, whole; answers it. */
    JsonNode problem(int expected) throws IOException {
      is(expected);
      assertThat(header("Content-Type")).hasValue("application/problem+json");
      JsonNode problem = json();
      assertThat(problem.path("type").asText()).isEqualTo("about:blank");
      assertThat(problem.path("title").asText()).isNotBlank();
      assertThat(problem.path("status").asInt()).isEqualTo(expected);
      assertThat(problem.path("detail").asText()).isNotBlank();
      assertThat(problem.path("instance").asText()).startsWith("/");
      return problem;
    }

    /** The fields that a problem names, in its order. */
    List<String> badFields() throws IOException {
      List<String> fields = new ArrayList<>();
      for (JsonNode error : problem(400).path("errors")) {
        assertThat(error.path("message").asText()).isNotBlank();
        fields.add(error.path("field").asText());
      }
      return fields;
    }
  }

  Api with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Api(base, more);
  }

  Api without(String header) {
    Map<String, String> fewer = new LinkedHashMap<>(headers);
    fewer.remove(header);
    return new Api(base, fewer);
  }

  Answer get(String path) throws Exception {
    return send("GET", path, null);
  }

  Answer post(String path, Object body) throws Exception {
    return with("Content-Type", "application/json").send("POST", path, Program.JSON.writeValueAsBytes(body));
  }

  Answer send(String method, String path, byte @Nullable [] body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .method(method,
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    HttpResponse<byte[]> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response);
  }
}
