package io.trainyard.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.core.run.Home;
import io.trainyard.core.store.StoreException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub as a whole, without runners. */
class HubTest {
  @TempDir Path folder;

  private Hub start(UnaryOperator<HubOptions> change) {
    HubConfig config = HubConfig.of(new Home(folder), folder.resolve("app/trainyard.jar"));
    return Hub.start(config.server(change.apply(HubOptions.defaults().port(0).slots(0))));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void saysWhereItIsForAsLongAsItIsThere() throws Exception {
    Path file = new Home(folder).hubFile();
    try (Hub hub = start(options -> options)) {
      JsonNode said = TestHub.JSON.readTree(Files.readString(file));
      assertThat(said.get("url").asText()).isEqualTo(hub.url().toString());
      assertThat(said.get("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
      HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(said.get("url").asText() + "/api/v1/hub")));
      assertThat(TestHub.JSON.readTree(answer.body()).get("instance")).isEqualTo(said.get("instance"));
      assertThat(hub.loginUrl()).startsWith(hub.url() + "/login?key=");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void runsOfEarlierStartsAreStillThere() throws Exception {
    String id;
    try (Hub hub = start(options -> options)) {
      HttpRequest.Builder begin = HttpRequest.newBuilder(hub.url().resolve("/api/v1/experiments/0/tracked-runs"));
      id = TestHub.JSON.readTree(send(begin.POST(HttpRequest.BodyPublishers.noBody())).body()).get("id").asText();
      HttpRequest.Builder points = HttpRequest.newBuilder(hub.url().resolve("/api/v1/runs/" + id + "/points")).header("Content-Type", "application/json");
      String body = "{\"series\":[{\"name\":\"train/loss\",\"steps\":[1],\"times\":[5],\"values\":[0.5]}]}";
      assertThat(send(points.POST(HttpRequest.BodyPublishers.ofString(body))).statusCode()).isEqualTo(200);
    }
    try (Hub hub = start(options -> options)) {
      HttpResponse<String> points = send(HttpRequest.newBuilder(hub.url().resolve("/api/v1/runs/" + id + "/points?name=train/loss")));
      assertThat(points.body()).contains("\"steps\":[1],\"times\":[5],\"values\":[0.5]");
      assertThat(send(HttpRequest.newBuilder(hub.url().resolve("/metrics"))).body()).as("an active run of before").contains("trainyard_run_loss{");
    }
  }

  @Test
  void oneFolderHasOneHub() {
    try (Hub hub = start(options -> options)) {
      assertThatThrownBy(() -> start(options -> options)).isInstanceOf(StoreException.Unusable.class).hasMessageContaining(folder.toString());
      assertThat(new Home(folder).hubFile()).as("the first one's").exists();
      assertThat(hub.url().getPort()).isPositive();
    }
  }

  @Test
  void aPortInUseLeavesNothingBehind() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(options -> options.port(taken.getLocalPort()))).hasMessageContaining("in use").hasMessageContaining("--port");
    }
    assertThat(new Home(folder).hubFile()).doesNotExist();
    start(options -> options).close();
  }
}
