package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.READ;

import io.trainyard.core.model.RunRecord;
import io.trainyard.core.run.ArtifactKeeper;
import io.trainyard.core.run.ArtifactKeeper.Content;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.QueryParams;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.http.Route.Query;
import io.trainyard.hub.json.ArtifactJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;

/** What a run has shown and kept. Called on the event loop; the bytes of files go from the disk as they are taken. */
final class ArtifactRoutes {
  private static final String RUN = "/api/v1/runs/{id}";
  private static final String BYTES = "application/octet-stream";
  private static final int NAME = 250;

  private final Runs runs;
  private final ArtifactKeeper artifacts;

  ArtifactRoutes(Runs runs, ArtifactKeeper artifacts) {
    this.runs = runs;
    this.artifacts = artifacts;
  }

  List<Route> routes() {
    return List.of(
        Route.get(RUN + "/exhibits", READ, "listExhibits", "What a run shows", "ExhibitList", this::exhibits),
        Route.get(RUN + "/exhibit", READ, "getExhibit", "One exhibit, with its data", "Exhibit", this::exhibit)
            .query(
                new Query("name", "string", null, "its name; must be given"),
                new Query("step", "integer", null, "which one; left out: the newest")),
        Route.get(RUN + "/artifacts", READ, "listArtifacts", "Files that a run keeps", "ArtifactList", this::list),
        Route.get(RUN + "/artifacts/{path}", READ, "getArtifact", "One file, as it was kept", null, this::download)
            .streamed(BYTES));
  }

  private Future<Answer> exhibits(Call call) {
    return runs.named(call)
        .compose(run -> call.await(artifacts.exhibits(run.id())))
        .map(all -> Runs.list("exhibits", all, ArtifactJson::exhibit));
  }

  private Future<Answer> exhibit(Call call) {
    QueryParams query = call.query();
    String name = query.text("name", NAME, "");
    if (name.isEmpty()) {
      query.wrong("name", "must be given: the name of an exhibit");
    }
    boolean newest = query.text("step", 30) == null;
    long step = query.whole("step", 0, Long.MIN_VALUE, Long.MAX_VALUE);
    query.done();
    return runs.named(call)
        .compose(
            run ->
                call.await(artifacts.exhibit(run.id(), name, newest ? null : (Long) step))
                    .map(found -> found.orElseThrow(() -> notShown(run, name, newest, step))))
        .compose(shown -> call.big(200, out -> ArtifactJson.shown(out, shown)));
  }

  private static StoreException notShown(RunRecord run, String name, boolean newest, long step) {
    String what = newest ? "has no exhibit \"" + name + "\"" : "has shown no \"" + name + "\" at step " + step;
    return new StoreException.NotFound(
        "Run " + run.name() + " " + what + ". GET /api/v1/runs/" + run.id() + "/exhibits lists what there is.");
  }

  private Future<Answer> list(Call call) {
    return runs.named(call)
        .compose(run -> call.await(artifacts.artifacts(run.id())))
        .map(all -> Runs.list("artifacts", all, ArtifactJson::artifact));
  }

  private Future<Answer> download(Call call) {
    String path = call.rest();
    return runs.named(call)
        .compose(
            run ->
                call.await(artifacts.open(run.id(), path))
                    .map(found -> found.orElseThrow(() -> notKept(run, path)))
                    .compose(content -> send(call, run, content)));
  }

  private static StoreException notKept(RunRecord run, String path) {
    return new StoreException.NotFound(
        "Run " + run.name() + " keeps no file \"" + path + "\". GET /api/v1/runs/" + run.id()
            + "/artifacts lists what it keeps.");
  }

  /** The content has its SHA-256 for a name, so that is its tag too. */
  private static Future<Answer> send(Call call, RunRecord run, Content content) {
    String tag = "\"" + content.artifact().sha256() + "\"";
    if (tag.equals(call.header("If-None-Match"))) {
      return Future.succeededFuture(
          new Answer.Whole(304, BYTES, Buffer.buffer(), Map.of("ETag", tag, "Cache-Control", "no-cache")));
    }
    HttpServerResponse response = call.response();
    response.putHeader("Content-Type", BYTES).putHeader("ETag", tag).putHeader("Cache-Control", "no-cache");
    response.putHeader("Content-Disposition", Attachment.named(run, content.artifact().path().replace('/', '-')));
    return response.sendFile(content.file().toString()).map(done -> Answer.TAKEN);
  }
}
