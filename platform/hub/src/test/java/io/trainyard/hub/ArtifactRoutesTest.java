package io.trainyard.hub;

import static io.trainyard.hub.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Ask;
import io.trainyard.core.bus.Addresses.Keep;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.MetricBatch.Column;
import io.trainyard.core.model.Question;
import io.trainyard.core.model.RunInput;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.run.InvalidRequest;
import io.trainyard.core.store.Change;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run shows and keeps, how it is gone on with, and how its model is asked. */
class ArtifactRoutesTest {
  private static final byte[] GIF = "GIF89a rest".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;
  private TestHub hub;
  private RunRecord run;
  private String one;
  private long position = 1;

  @BeforeEach
  void start() {
    hub = new TestHub(folder);
    run = hub.running(Map.of("learning_rate", 0.03, "epochs", 5L));
    one = "/api/v1/runs/" + run.id();
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private void keep(Keepsake keepsake) {
    TestHub.await(hub.bus.request(Addresses.KEEP, new Keep(run.id(), 1, folder.resolve("files"), List.of(keepsake))));
  }

  private void shows(String name, long step, String json) {
    keep(new Keepsake.Exhibit(position++, name, step, 1_000 + step, json.getBytes(StandardCharsets.UTF_8)));
  }

  private String keeps(String path, String role, byte[] content) throws Exception {
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    Path file = Files.createDirectories(folder.resolve("files")).resolve("f" + position);
    Files.write(file, content);
    String checkpoint = role == null ? "" : ",\"role\":\"" + role + "\",\"epoch\":2,\"epoch_done\":5";
    String json =
        "{\"path\":\"" + path + "\",\"file\":\"" + file.getFileName() + "\",\"size\":" + content.length + ",\"sha256\":\""
            + sha256 + "\",\"step\":15" + checkpoint + "}";
    keep(new Keepsake.File(position++, 2_000, json.getBytes(StandardCharsets.UTF_8)));
    return sha256;
  }

  /** A runner that answers each question with this; gives what it was asked. */
  private List<Ask> answering(String answer) {
    List<Ask> asked = new ArrayList<>();
    hub.bus.serve(
        Addresses.ASK,
        ask -> {
          asked.add(ask);
          return CompletableFuture.completedFuture(answer.getBytes(StandardCharsets.UTF_8));
        });
    return asked;
  }

  private void ended(RunState state) {
    hub.write(new Change.EndAttempt(run.id(), 1, run.attempts().get(0).fence(), state, null, 9, false, 0));
  }

  @Test
  void whatIsShownIsListedByStepAndFetchedOneByOne() throws Exception {
    shows("confusion", 20, "{\"kind\":\"text\",\"data\":{\"text\":\"later\"}}");
    shows("confusion", 10, "{\"kind\":\"text\",\"data\":{\"text\":\"früher\"}}");
    shows("weights/0", 10, "{\"kind\":\"histogram\",\"data\":{\"edges\":[0.5,1.5],\"counts\":[3],\"not_finite\":0}}");

    JsonNode all = json(hub.get(one + "/exhibits"));
    assertThat(Schema.ofBuild().check("ExhibitList", all)).isEmpty();
    assertThat(all.get("exhibits").findValuesAsText("name")).containsExactly("confusion", "weights/0");
    assertThat(all.get("exhibits").get(0).get("entries").findValuesAsText("step")).containsExactly("10", "20");

    JsonNode weights = json(hub.get(one + "/exhibit?name=weights/0"));
    assertThat(Schema.ofBuild().check("Exhibit", weights)).isEmpty();
    assertThat(weights.get("data").toString()).isEqualTo("{\"edges\":[0.5,1.5],\"counts\":[3],\"not_finite\":0}");
    assertThat(json(hub.get(one + "/exhibit?name=confusion&step=20")).at("/data/text").asText()).isEqualTo("later");
    assertThat(json(hub.get(one + "/exhibit?name=confusion")).at("/data/text").asText())
        .as("the one that was logged last")
        .isEqualTo("früher");
  }

  @Test
  void whatIsNotShownIsSaidByNameAndStep() throws Exception {
    HttpResponse<String> none = hub.get(one + "/exhibit?name=nothing");
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(json(none).get("detail").asText()).contains("has no exhibit \"nothing\"").contains("/exhibits");
    shows("confusion", 20, "{\"kind\":\"text\",\"data\":{\"text\":\"t\"}}");
    assertThat(json(hub.get(one + "/exhibit?name=confusion&step=21")).get("detail").asText()).contains("at step 21");
    JsonNode unnamed = json(hub.get(one + "/exhibit?step=x"));
    assertThat(unnamed.get("errors").findValuesAsText("field")).containsExactly("name", "step");
  }

  @Test
  void aBrowserThatFollowsTheRunHearsOfAnExhibit() throws Exception {
    try (Events events = new Events(hub, "?points=" + run.id(), null)) {
      events.next("hello");
      shows("confusion", 20, "{\"kind\":\"text\",\"data\":{\"text\":\"t\"}}");
      JsonNode data = events.next("exhibit").data();
      assertThat(Schema.ofBuild().check("LiveExhibit", data)).isEmpty();
      assertThat(data.toString())
          .isEqualTo("{\"run\":\"" + run.id() + "\",\"name\":\"confusion\",\"kind\":\"text\",\"step\":20}");
    }
  }

  @Test
  void filesAreListedAndDownloadedAsTheyWereKept() throws Exception {
    byte[] content = "<script>alert(1)</script>\n".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    String sha256 = keeps("report/a-b.html", null, content);
    keeps("checkpoints/last.npz", "last", new byte[] {1, 2, 3});

    JsonNode list = json(hub.get(one + "/artifacts"));
    assertThat(Schema.ofBuild().check("ArtifactList", list)).isEmpty();
    assertThat(list.get("artifacts").findValuesAsText("path")).containsExactly("checkpoints/last.npz", "report/a-b.html");
    assertThat(list.at("/artifacts/0/epoch_done").asInt()).isEqualTo(5);
    assertThat(list.at("/artifacts/1/role").isNull()).isTrue();

    HttpResponse<String> file = hub.get(one + "/artifacts/report/a-b.html");
    assertThat(file.body()).isEqualTo(new String(content, StandardCharsets.UTF_8));
    assertThat(file.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(file.headers().firstValue("Content-Length")).hasValue(Integer.toString(content.length));
    assertThat(file.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"linreg-1-" + run.id().substring(0, 8) + ".report-a-b.html\"");
    String tag = "\"" + sha256 + "\"";
    assertThat(file.headers().firstValue("ETag")).hasValue(tag);
    HttpResponse<String> again = hub.send(hub.request(one + "/artifacts/report/a-b.html").header("If-None-Match", tag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void noPathLeadsOutOfTheRunsFiles() throws Exception {
    keeps("a.txt", null, new byte[] {1});
    for (String path : List.of("b.txt", "a.txt/b", "%2e%2e/%2e%2e/token", "..%2f..%2ftoken", "%00", "a.txt%00", "a%20b")) {
      HttpResponse<String> answer = hub.get(one + "/artifacts/" + path);
      assertThat(answer.statusCode()).as(path).isIn(400, 404);
      assertThat(answer.body()).as(path).doesNotContain(hub.token);
    }
    assertThat(json(hub.get(one + "/artifacts/b.txt")).get("detail").asText()).contains("keeps no file \"b.txt\"");
  }

  @Test
  void whatARunReadsOfAnotherIsShownFromBothSides() throws Exception {
    String sha256 = keeps("vocab.json", null, new byte[] {1, 2, 3});
    String pin = run.id() + "/vocab.json sha256:" + sha256 + " (3 bytes)";
    RunRecord reader = hub.queued(Map.of("vocab", run.id() + "/vocab.json"), Map.of("input.vocab", pin));

    JsonNode whole = json(hub.get("/api/v1/runs/" + reader.id()));
    assertThat(Schema.ofBuild().check("RunWhole", whole)).isEmpty();
    assertThat(whole.get("inputs").toString())
        .isEqualTo(
            "[{\"param\":\"vocab\",\"run\":\"" + run.id() + "\",\"run_name\":\"linreg-1\",\"path\":\"vocab.json\",\"sha256\":\""
                + sha256 + "\",\"size\":3}]");
    assertThat(json(hub.get(one)).get("inputs")).isEmpty();

    JsonNode consumers = json(hub.get(one + "/consumers"));
    assertThat(Schema.ofBuild().check("ConsumerList", consumers)).isEmpty();
    assertThat(consumers.at("/consumers/0/run").asText()).isEqualTo(reader.id());
    assertThat(consumers.at("/consumers/0/path").asText()).isEqualTo("vocab.json");
    assertThat(json(hub.get("/api/v1/runs/" + reader.id() + "/consumers")).get("consumers")).isEmpty();

    hub.post("/api/v1/runs/" + reader.id() + "/rerun", "");
    assertThat(hub.launched.inputs()).as("the content must still be the same").isEqualTo(RunInput.of(reader));
    hub.post("/api/v1/runs/" + reader.id() + "/rerun", "{\"params\":{\"vocab\":\"" + run.id() + "/vocab.json\"}}");
    assertThat(hub.launched.inputs()).as("given anew").isEmpty();
  }

  @Test
  void anEndedRunGoesOnFromACheckpoint() throws Exception {
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    keeps("checkpoints/best.npz", "best", new byte[] {2});
    assertThat(json(hub.post(one + "/resume", "{}")).get("detail").asText()).contains("has not ended: it is RUNNING");
    assertThat(json(hub.get(one)).get("resumable").asBoolean()).isFalse();
    ended(RunState.FAILED);
    assertThat(json(hub.get(one)).get("resumable").asBoolean()).isTrue();
    JsonNode wrong = json(hub.post(one + "/resume", "{\"from\":\"first\"}"));
    assertThat(wrong.at("/errors/0/message").asText()).isEqualTo("must be \"last\" or \"best\", but is \"first\"");

    HttpResponse<String> resumed = hub.post(one + "/resume", "{\"from\":\"best\"}");
    assertThat(resumed.statusCode()).as(resumed.body()).isEqualTo(202);
    assertThat(json(resumed).get("state").asText()).isEqualTo("QUEUED");
    assertThat(json(resumed).get("resume_from").asText()).isEqualTo("checkpoints/best.npz");
    assertThat(hub.post(one + "/resume", "").statusCode()).isEqualTo(409);
  }

  @Test
  void whatCannotGoOnSaysWhy() throws Exception {
    ended(RunState.FAILED);
    HttpResponse<String> without = hub.post(one + "/resume", "");
    assertThat(without.statusCode()).isEqualTo(409);
    assertThat(json(without).get("detail").asText()).contains("has no checkpoint");
    assertThat(json(hub.get(one)).get("resumable").asBoolean()).isFalse();
    String tracked = hub.tracked("{}");
    hub.post("/api/v1/runs/" + tracked + "/end", "{\"state\":\"FAILED\"}");
    assertThat(json(hub.post("/api/v1/runs/" + tracked + "/resume", "")).get("detail").asText()).contains("by its client");
  }

  @Test
  void aFinishedRunHasNothingLeftToTrain() throws Exception {
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    ended(RunState.FINISHED);
    assertThat(json(hub.post(one + "/resume", "")).get("detail").asText()).contains("has finished");
    assertThat(json(hub.get(one)).get("resumable").asBoolean()).isFalse();
  }

  @Test
  void aModelIsAskedWithItsBestCheckpoint() throws Exception {
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    keeps("checkpoints/best.npz", "best", new byte[] {2});
    List<Ask> asked =
        answering(
            "{\"predictions\":[{\"picture\":{\"width\":1,\"height\":1,\"channels\":1,\"pixels\":\"AA==\",\"caption\":\"\"},"
                + "\"scores\":[{\"label\":\"bag\",\"probability\":0.75}]}]}");
    String image = Base64.getEncoder().encodeToString(GIF);
    HttpResponse<String> answer = hub.post(one + "/predict", "{\"images\":[\"" + image + "\"]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Schema.ofBuild().check("Answers", json(answer))).isEmpty();
    assertThat(json(answer).at("/checkpoint/path").asText()).isEqualTo("checkpoints/best.npz");
    assertThat(((Question.Predict) asked.get(0).question()).images().get(0)).isEqualTo(GIF);
    hub.post(one + "/predict", "{\"images\":[\"" + image + "\"],\"checkpoint\":\"last\"}");
    assertThat(asked.get(1).checkpoint()).isEqualTo("checkpoints/last.npz");
  }

  @Test
  void aTextIsGoneOnWith() throws Exception {
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    List<Ask> asked = answering("{\"text\":\" held\\n in\"}");
    String body = "{\"prefix\":\"time traveller\",\"length\":9,\"temperature\":0.5,\"seed\":-7,\"checkpoint\":\"last\"}";
    HttpResponse<String> answer = hub.post(one + "/generate", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Schema.ofBuild().check("Generated", json(answer))).isEmpty();
    assertThat(answer.body())
        .startsWith(
            "{\"prefix\":\"time traveller\",\"text\":\" held\\n in\",\"length\":9,\"temperature\":0.5,\"seed\":-7,\"checkpoint\":{");
    assertThat(asked.get(0))
        .isEqualTo(new Ask(run.id(), "checkpoints/last.npz", new Question.Generate("time traveller", 9, 0.5, -7)));
  }

  @Test
  void whatIsNotSaidOfATextToGenerateIsChosenAndTold() throws Exception {
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    List<Ask> asked = answering("{\"text\":\"a\"}");
    JsonNode answer = json(hub.post(one + "/generate", ""));
    assertThat(answer.path("length").asInt()).isEqualTo(200);
    assertThat(answer.path("temperature").asDouble()).isEqualTo(1);
    long seed = ((Question.Generate) asked.get(0).question()).seed();
    assertThat(answer.path("seed").asLong()).as("asked with it again, it is the same text").isEqualTo(seed);
  }

  @Test
  void aTextIsScoredAndWhatIsNotFiniteIsNamed() throws Exception {
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    List<Ask> asked =
        answering(
            "{\"factors\":[{\"token\":\"a\",\"given\":[],\"given_count\":0,\"probability\":0.0}],"
                + "\"log_likelihood\":\"-Infinity\",\"perplexity\":\"Infinity\"}");
    HttpResponse<String> answer = hub.post(one + "/score", "{\"text\":\" a\\n\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Schema.ofBuild().check("Scored", json(answer))).isEmpty();
    assertThat(json(answer).path("perplexity").asText()).isEqualTo("Infinity");
    assertThat(asked.get(0).question()).isEqualTo(new Question.Score(" a\n"));
  }

  @Test
  void badQuestionsAboutTextsNameEachFieldThatIsWrong() throws Exception {
    JsonNode wrong =
        json(
            hub.post(
                one + "/generate",
                "{\"prefix\":\"" + "a".repeat(100_001) + "\",\"length\":10001,\"temperature\":-0.5,\"seed\":1.5,"
                    + "\"checkpoint\":\"first\",\"more\":1}"));
    assertThat(wrong.get("errors").findValuesAsText("field"))
        .containsExactly("prefix", "length", "temperature", "seed", "checkpoint", "more");
    assertThat(wrong.at("/errors/1/message").asText()).isEqualTo("must be from 1 to 10000, but is 10001");
    assertThat(wrong.at("/errors/2/message").asText()).isEqualTo("must be from 0 to 100, but is -0.5");
    assertThat(json(hub.post(one + "/generate", "{\"temperature\":\"hot\",\"length\":0}")).get("errors")).hasSize(2);
    assertThat(json(hub.post(one + "/score", "{}")).at("/errors/0/message").asText()).isEqualTo("must be given");
    assertThat(json(hub.post(one + "/score", "{\"text\":\"\"}")).at("/errors/0/message").asText())
        .isEqualTo("must not be empty");
    assertThat(json(hub.post(one + "/score", "{\"text\":7}")).at("/errors/0/field").asText()).isEqualTo("text");
  }

  @Test
  void whatTheModelRefusesIsABadField() throws Exception {
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    hub.bus.serve(
        Addresses.ASK,
        ask -> CompletableFuture.failedFuture(new InvalidRequest("prefix", "was refused by the model: no such letter")));
    HttpResponse<String> answer = hub.post(one + "/generate", "{\"prefix\":\"\u00e4\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).at("/errors/0/message").asText()).isEqualTo("was refused by the model: no such letter");
  }

  @Test
  void aTaskThatIsNoLanguageModelSaysSo() throws Exception {
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    hub.languageModel = false;
    for (String what : List.of("generate", "score")) {
      HttpResponse<String> answer = hub.post(one + "/" + what, what.equals("score") ? "{\"text\":\"a\"}" : "");
      assertThat(answer.statusCode()).as(what).isEqualTo(409);
      assertThat(json(answer).get("detail").asText())
          .endsWith("has no model of language: the task linreg neither goes on with texts nor scores them.");
    }
  }

  @Test
  void badQuestionsNameEachPictureThatIsWrong() throws Exception {
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    String good = Base64.getEncoder().encodeToString(GIF);
    String text = Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8));
    JsonNode wrong =
        json(
            hub.post(
                one + "/predict",
                "{\"images\":[\"" + good + "\",\"%%%\",7,\"" + text + "\"],\"checkpoint\":\"first\",\"more\":{}}"));
    assertThat(wrong.get("errors").findValuesAsText("field"))
        .containsExactly("images.2", "images.3", "images.4", "checkpoint", "more");
    assertThat(wrong.at("/errors/2/message").asText()).isEqualTo("is no picture: it must be a PNG, JPEG, GIF or BMP");
    assertThat(json(hub.post(one + "/predict", "{\"images\":[]}")).at("/errors/0/message").asText())
        .isEqualTo("must have 1 to 16 pictures, but has 0");
    String seventeen = "\"" + String.join("\",\"", java.util.Collections.nCopies(17, good)) + "\"";
    assertThat(json(hub.post(one + "/predict", "{\"images\":[" + seventeen + "]}")).at("/errors/0/message").asText())
        .contains("but has 17");
    assertThat(hub.post(one + "/predict", "{}").statusCode()).isEqualTo(400);
    assertThat(hub.post(one + "/predict", "{\"images\":[\"a").statusCode()).isEqualTo(400);
    assertThat(hub.post(one + "/predict", "[]").statusCode()).isEqualTo(400);
  }

  @Test
  void aPictureMayHaveTwentyMegabytesAndAQuestionThirtyTwo() throws Exception {
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    byte[] large = new byte[(20 << 20) + 1];
    System.arraycopy(GIF, 0, large, 0, GIF.length);
    String image = Base64.getEncoder().encodeToString(large);
    JsonNode wrong = json(hub.post(one + "/predict", "{\"images\":[\"" + image + "\"]}"));
    assertThat(wrong.at("/errors/0/message").asText()).contains("at most 20 MiB");
    HttpResponse<String> larger = hub.post(one + "/predict", "{\"images\":[\"" + image + "\",\"" + image + "\"]}");
    assertThat(larger.statusCode()).isEqualTo(413);
    assertThat(json(larger).get("detail").asText()).contains("32 MiB");
  }

  @Test
  void aRunWithoutAModelOrACheckpointCannotBeAsked() throws Exception {
    String image = "{\"images\":[\"" + Base64.getEncoder().encodeToString(GIF) + "\"]}";
    HttpResponse<String> without = hub.post(one + "/predict", image);
    assertThat(without.statusCode()).isEqualTo(409);
    assertThat(json(without).get("detail").asText()).contains("has no checkpoint: it is RUNNING and has not saved one yet");
    keeps("checkpoints/last.npz", "last", new byte[] {1});
    String best = image.replace("]}", "],\"checkpoint\":\"best\"}");
    assertThat(json(hub.post(one + "/predict", best)).get("detail").asText()).contains("no checkpoint \"best\"");
    String tracked = hub.tracked("{}");
    assertThat(json(hub.post("/api/v1/runs/" + tracked + "/predict", image)).get("detail").asText())
        .contains("its client trained it");
  }

  @Test
  void bandsHoldForTheirParamsAndSayInsideOrOutside() throws Exception {
    JsonNode before = json(hub.get(one));
    assertThat(before.get("bands")).hasSize(2);
    assertThat(before.at("/bands/0/inside").isNull()).isTrue();
    long[] steps = {100, 200};
    TestHub.await(
        hub.bus.request(
            Addresses.APPEND,
            new MetricBatch(
                run.id(), 1, run.attempts().get(0).fence(), MetricBatch.UNSEQUENCED, MetricBatch.UNSEQUENCED,
                List.of(new Column("epoch/train_loss", steps, steps, new double[] {0.9, 0.25})))));
    JsonNode whole = json(hub.get(one));
    assertThat(Schema.ofBuild().check("RunWhole", whole)).isEmpty();
    assertThat(whole.at("/bands/0").toString())
        .isEqualTo(
            "{\"metric\":\"epoch/train_loss\",\"point\":2,\"low\":0.2,\"high\":0.3,\"source\":\"Somebody\",\"step\":200,"
                + "\"value\":0.25,\"inside\":true}");
    assertThat(whole.at("/bands/1/value").isNull()).as("the third point is not there").isTrue();
    assertThat(whole.get("timed").toString()).isEqualTo("[\"rate\"]");
    assertThat(whole.get("predictor").toString()).isEqualTo("{\"width\":28,\"height\":28,\"channels\":1}");
  }

  @Test
  void aBandIsFoundInALongSeries() throws Exception {
    int count = 10_000;
    long[] steps = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      steps[i] = 10L * i;
      values[i] = i + 1;
    }
    TestHub.await(
        hub.bus.request(
            Addresses.APPEND,
            new MetricBatch(
                run.id(), 1, run.attempts().get(0).fence(), MetricBatch.UNSEQUENCED, MetricBatch.UNSEQUENCED,
                List.of(new Column("epoch/train_loss", steps, steps, values)))));
    JsonNode bands = json(hub.get(one)).get("bands");
    assertThat(bands.get(0).get("value").asDouble()).isEqualTo(2);
    assertThat(bands.get(0).get("inside").asBoolean()).isFalse();
    assertThat(bands.get(1).get("step").asLong()).isEqualTo(20);
    assertThat(bands.get(1).get("inside").asBoolean()).as("up to infinity").isTrue();
  }

  @Test
  void optionsAreKeptByARerunAndTheJarToo() throws Exception {
    String launch = "{\"task\":\"linreg\",\"options\":{\"device\":\"cpu\",\"checkpoint_every\":\"2epochs\"}}";
    JsonNode launched = json(hub.post("/api/v1/experiments/0/runs", launch));
    assertThat(launched.get("options").toString()).isEqualTo("{\"device\":\"cpu\",\"checkpoint_every\":\"2epochs\"}");
    String id = launched.get("id").asText();
    JsonNode again = json(hub.post("/api/v1/runs/" + id + "/rerun", "{\"options\":{\"device\":\"gpu:0\"}}"));
    assertThat(again.get("options").toString()).isEqualTo("{\"device\":\"gpu:0\",\"checkpoint_every\":\"2epochs\"}");
    assertThat(hub.launched.pinned()).isNull();
    hub.post("/api/v1/runs/" + id + "/rerun", "{\"same_plugin\":true}");
    assertThat(hub.launched.pinned()).isEqualTo(TestHub.REF);
    assertThat(json(hub.get("/api/v1/runs/" + hub.tracked("{}"))).get("options")).isEmpty();
    JsonNode wrong = json(hub.post("/api/v1/experiments/0/runs", "{\"task\":\"linreg\",\"options\":{\"device\":3}}"));
    assertThat(wrong.at("/errors/0/field").asText()).isEqualTo("options.device");
  }
}
