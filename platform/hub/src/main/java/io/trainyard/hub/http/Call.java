package io.trainyard.hub.http;

import io.trainyard.core.store.IdempotencyKey;
import io.trainyard.hub.json.Fields;
import io.trainyard.hub.json.Json;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One request, whole with its body, and who sent it. Used on the server's event loop. */
public final class Call {
  /** Larger bodies are refused, but where the route says otherwise; 16 MiB are half a million points. */
  public static final int MAX_BODY = 16 << 20;

  private final RoutingContext context;
  private final Set<Role> roles;
  private final Buffer body;
  private final WorkerExecutor workers;
  private @Nullable Fields fields;
  private @Nullable String fingerprint;

  Call(RoutingContext context, Set<Role> roles, Buffer body, WorkerExecutor workers) {
    this.context = context;
    this.roles = roles;
    this.body = body;
    this.workers = workers;
  }

  /** What the caller may do. */
  public Set<Role> roles() {
    return roles;
  }

  public String path(String name) {
    return context.pathParam(name);
  }

  /** What a path that ends with {@code {path}} has there, slashes included. */
  public String rest() {
    return context.pathParam("*");
  }

  /** The query's params, to be read as {@link QueryParams} says. */
  public QueryParams query() {
    return new QueryParams(context.queryParams());
  }

  public @Nullable String header(String name) {
    return context.request().getHeader(name);
  }

  public byte[] body() {
    return body.getBytes();
  }

  /** The body's fields, as {@link Fields} says. */
  public Fields fields() {
    Fields read = fields == null ? Fields.of(body.getBytes()) : fields;
    fields = read;
    return read;
  }

  /** On a worker, before the handler: what would take too long on the event loop. */
  Call prepare(boolean parse) {
    if (parse) {
      fields();
    }
    if (header("Idempotency-Key") != null) {
      fingerprint();
    }
    return this;
  }

  public HttpServerRequest request() {
    return context.request();
  }

  public HttpServerResponse response() {
    return context.response();
  }

  /** Null when the caller sent no {@code Idempotency-Key}. */
  public @Nullable IdempotencyKey key() {
    String key = header("Idempotency-Key");
    if (key == null) {
      return null;
    }
    if (key.isEmpty() || key.length() > 128 || !key.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new ProblemException(400, "Idempotency-Key must be 1 to 128 printable ASCII characters.");
    }
    return new IdempotencyKey(key, fingerprint());
  }

  private String fingerprint() {
    String known = fingerprint;
    if (known == null) {
      MessageDigest digest;
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
      digest.update((context.request().method() + " " + context.normalizedPath() + "\n").getBytes(StandardCharsets.UTF_8));
      digest.update(body.getBytes());
      known = HexFormat.of().formatHex(digest.digest());
      fingerprint = known;
    }
    return known;
  }

  /** Calls when the answer has been sent, or its reader has gone. */
  public void whenEnded(Runnable action) {
    context.addEndHandler(ended -> action.run());
  }

  /** What the store's or another thread completes, back on this event loop. */
  public <T> Future<T> await(CompletionStage<T> stage) {
    return Future.fromCompletionStage(stage, context.vertx().getOrCreateContext());
  }

  /** Runs what takes long on a worker, and comes back. */
  public <T> Future<T> onWorker(Callable<T> work) {
    return workers.executeBlocking(work, false);
  }

  /** Writes JSON on a worker. */
  public Future<Answer> big(int status, Json.Writer writer) {
    return onWorker(() -> Answer.json(status, writer));
  }
}
