package io.trainyard.hub.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * Takes every request through the same gates: guard, route, role, body, handler; whatever goes wrong becomes a problem. Lives on the
 * server's event loop.
 */
public final class Dispatcher implements io.vertx.core.Handler<HttpServerRequest> {
  /** Told about each answer, for the meters. */
  @FunctionalInterface
  public interface Observer {
    /** @param route as in the table; what is in none has a name of its own, so that strangers cannot make up new ones */
    void answered(String method, String route, int status, long nanos);
  }

  /** What may be parsed and hashed on the event loop: some 0.2 ms. */
  private static final int SMALL_BODY = 32 << 10;

  private static final String ROUTE = "route";
  private static final String STARTED = "started";

  private final RouteTable table;
  private final Guard guard;
  private final Access access;
  private final StaticWeb web;
  private final WorkerExecutor workers;
  private final Observer observer;
  private final Router router;

  /** @param bound the address that the server listens on */
  public Dispatcher(
      Vertx vertx,
      RouteTable table,
      String bound,
      java.util.List<String> allowedHosts,
      Access access,
      StaticWeb web,
      WorkerExecutor workers,
      Observer observer) {
    this.table = table;
    this.guard = new Guard(bound, allowedHosts);
    this.access = access;
    this.web = web;
    this.workers = workers;
    this.observer = observer;
    this.router = Router.router(vertx);
    for (Route route : table.routes()) {
      var entry = router.route(route.method(), route.vertxPath());
      if (route.method() == HttpMethod.GET && !route.streams()) {
        entry.method(HttpMethod.HEAD);
      }
      entry.handler(context -> authorize(context, route));
    }
    router.route().handler(this::unrouted);
    router.route().failureHandler(context -> fail(context, context.failure()));
    for (int status : new int[] {400, 404, 405, 414}) {
      router.errorHandler(status, context -> Problems.send(context.request(), Problem.of(status, "The request cannot be read.")));
    }
  }

  @Override
  public void handle(HttpServerRequest request) {
    Guard.headers(request.response());
    Problem problem = guard.check(request);
    if (problem != null) {
      observer.answered(request.method().name(), "refused", problem.status(), 0);
      Problems.send(request, problem);
      return;
    }
    router.handle(request);
  }

  private void authorize(RoutingContext context, Route route) {
    begin(context, route.path());
    HttpServerRequest request = context.request();
    Set<Role> roles = access.roles(request);
    if (roles == null) {
      throw new ProblemException(unauthorized("The token is not the one that this hub has."));
    }
    if (!roles.contains(route.role())) {
      boolean signedIn = roles.contains(Role.LAUNCH);
      throw new ProblemException(
          signedIn
              ? Problem.of(403, "This takes the role " + route.role().text() + ", which the dashboard's cookie does not give. Send the token.")
              : unauthorized(
                  "This takes the role " + route.role().text()
                      + ": send \"Authorization: Bearer TOKEN\" (the token lies in the data folder, in the file token), or open the link that the hub printed."));
    }
    readBody(
        context,
        route,
        body -> {
          Call call = new Call(context, roles, body, workers);
          if (body.length() <= SMALL_BODY) {
            answer(context, route, call);
          } else {
            call.onWorker(() -> call.prepare(route.body() != Route.Body.BULK))
                .onSuccess(prepared -> answer(context, route, call))
                .onFailure(failure -> fail(context, failure));
          }
        });
  }

  private static Problem unauthorized(String detail) {
    return Problem.of(401, detail).with("WWW-Authenticate", "Bearer realm=\"trainyard\"");
  }

  private void readBody(RoutingContext context, Route route, java.util.function.Consumer<Buffer> then) {
    HttpServerRequest request = context.request();
    String length = request.getHeader("Content-Length");
    String type = request.getHeader("Content-Type");
    boolean empty = length == null ? request.getHeader("Transfer-Encoding") == null : length.equals("0");
    if (route.request() != null && !(empty && !route.body().mustBeGiven())) {
      String encoding = request.getHeader("Content-Encoding");
      if (type == null || !type.split(";", 2)[0].trim().equalsIgnoreCase(Answer.JSON)) {
        throw new ProblemException(415, "The body must be JSON: send Content-Type: application/json.");
      }
      if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
        throw new ProblemException(415, "The body must not be compressed (" + encoding + "): a small one can unpack to any size.");
      }
    }
    if (length != null && (length.length() > 10 || Long.parseLong(length) > route.maxBody())) {
      throw new ProblemException(tooLarge(route));
    }
    Buffer body = Buffer.buffer();
    boolean[] refused = {false};
    request.handler(
        bytes -> {
          if (body.length() + bytes.length() > route.maxBody() && !refused[0]) {
            refused[0] = true;
            fail(context, new ProblemException(tooLarge(route)));
          } else if (!refused[0]) {
            body.appendBuffer(bytes);
          }
        });
    request.exceptionHandler(gone -> refused[0] = true);
    request.endHandler(
        end -> {
          if (!refused[0]) {
            then.accept(body);
          }
        });
    request.resume();
  }

  private static Problem tooLarge(Route route) {
    return Problem.of(413, "The body has more than " + (route.maxBody() >> 20) + " MiB. Send it in parts.");
  }

  private void answer(RoutingContext context, Route route, Call call) {
    Future<Answer> answer;
    try {
      if (route.body() == Route.Body.NONE) {
        // No body, or {}: whoever sends fields means something by them.
        call.fields().done();
      }
      answer = route.handler().handle(call);
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    answer.onComplete(
        done -> {
          if (done.failed()) {
            fail(context, done.cause());
          } else if (done.result() instanceof Answer.Whole whole) {
            send(context, whole);
          }
        });
  }

  /** Pages, or nothing of ours. */
  private void unrouted(RoutingContext context) {
    String path = context.normalizedPath();
    Set<String> methods = table.methods(path);
    boolean reads = context.request().method() == HttpMethod.GET || context.request().method() == HttpMethod.HEAD;
    begin(context, methods.isEmpty() ? "page" : "refused");
    if (!methods.isEmpty()) {
      fail(context, new ProblemException(notAllowed(context, methods)));
    } else if (path.equals("/api") || path.startsWith("/api/")) {
      fail(context, new ProblemException(404, "There is no " + path + " here. /openapi.json says what there is."));
    } else if (!reads) {
      fail(context, new ProblemException(notAllowed(context, Set.of("GET", "HEAD"))));
    } else {
      workers
          .executeBlocking(() -> web.page(path, context.request().headers()), false)
          .onComplete(
              done -> {
                if (done.failed()) {
                  fail(context, done.cause());
                } else {
                  send(context, done.result());
                }
              });
    }
  }

  private static Problem notAllowed(RoutingContext context, Set<String> methods) {
    return Problem.of(405, context.normalizedPath() + " does not take " + context.request().method() + ".")
        .with("Allow", String.join(", ", methods));
  }

  private void begin(RoutingContext context, String route) {
    context.put(ROUTE, route);
    long started = System.nanoTime();
    context.put(STARTED, started);
    context.addEndHandler(
        ended ->
            observer.answered(
                context.request().method().name(), route, context.response().getStatusCode(), System.nanoTime() - started));
  }

  private void fail(RoutingContext context, Throwable failure) {
    HttpServerRequest request = context.request();
    Problems.send(request, Problems.of(failure, request.method() + " " + context.get(ROUTE)));
  }

  private static void send(RoutingContext context, Answer.Whole answer) {
    HttpServerResponse response = context.response();
    if (response.closed() || response.ended()) {
      return;
    }
    response.setStatusCode(answer.status()).putHeader("Content-Type", answer.contentType());
    answer.headers().forEach(response::putHeader);
    if (!answer.headers().containsKey("Cache-Control")) {
      response.putHeader("Cache-Control", "no-store");
    }
    response.end(answer.body());
  }
}
