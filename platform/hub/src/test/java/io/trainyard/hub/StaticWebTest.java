package io.trainyard.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard's files. */
class StaticWebTest {
  @TempDir Path folder;
  private TestHub hub;

  @BeforeEach
  void start() throws Exception {
    Path web = Files.createDirectories(folder.resolve("web/assets")).getParent();
    Files.writeString(web.resolve("index.html"), "<html>");
    Files.writeString(web.resolve("assets/index-Ab3_d9-x.js"), "js");
    Files.writeString(web.resolve("assets/index-Ab3_d9-x.js.br"), "packed");
    Files.writeString(web.resolve("logo.svg"), "<svg/>");
    Files.writeString(folder.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(web.resolve("link.txt"), folder.resolve("secret.txt"));
    hub = new TestHub(folder.resolve("home"), options -> options.webRoot(web));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void thePageIsNotKeptAndItsAssetsForEver() throws Exception {
    HttpResponse<String> page = hub.get("/");
    assertThat(page.body()).isEqualTo("<html>");
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
    HttpResponse<String> again = hub.send(hub.request("/").header("If-None-Match", header(page, "ETag")));
    assertThat(again.statusCode()).isEqualTo(304);
    HttpResponse<String> asset = hub.get("/assets/index-Ab3_d9-x.js");
    assertThat(asset.body()).isEqualTo("js");
    assertThat(header(asset, "Content-Type")).startsWith("text/javascript");
    assertThat(header(asset, "Cache-Control")).contains("immutable");
    assertThat(header(hub.get("/logo.svg"), "Content-Type")).isEqualTo("image/svg+xml");
  }

  @Test
  void packedFilesGoToThoseWhoTakeThem() throws Exception {
    HttpResponse<String> packed = hub.send(hub.request("/assets/index-Ab3_d9-x.js").header("Accept-Encoding", "gzip, br"));
    assertThat(packed.body()).isEqualTo("packed");
    assertThat(header(packed, "Content-Encoding")).isEqualTo("br");
    assertThat(header(packed, "Vary")).isEqualTo("Accept-Encoding");
  }

  @Test
  void linksIntoTheDashboardShowItsPage() throws Exception {
    HttpResponse<String> page = hub.send(hub.request("/runs/0123456789").header("Accept", "text/html,*/*"));
    assertThat(page.body()).isEqualTo("<html>");
    assertThat(hub.get("/runs/0123456789").statusCode()).as("not for programs").isEqualTo(404);
    assertThat(hub.send(hub.request("/missing.js").header("Accept", "text/html")).statusCode()).isEqualTo(404);
  }

  @Test
  void nothingElseIsServed() throws Exception {
    for (String path :
        List.of(
            "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%2f..%2f..%2fsecret.txt", "/link.txt", "/assets", "/assets/",
            "/.store", "//etc/passwd", "/%00", "/a%5c..%5csecret.txt")) {
      Raw answer = Raw.send(hub.port, "GET " + path + " HTTP/1.1\nHost: localhost\n\n");
      assertThat(answer.status()).as(path).isIn(400, 404);
      assertThat(answer.body()).doesNotContain("secret\"").isNotEqualTo("secret");
    }
  }

  @Test
  void aBuildWithoutTheDashboardSaysSo(@TempDir Path other) throws Exception {
    try (TestHub bare = new TestHub(other)) {
      HttpResponse<String> response = bare.get("/");
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(response.body()).contains("The dashboard is not in this build");
    }
  }
}
