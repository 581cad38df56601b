package io.trainyard.hub.http;

import io.trainyard.core.run.InvalidRequest;
import io.trainyard.core.run.InvalidRequest.FieldError;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.json.BadJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which failure is which problem. Any thread may ask; the event loop sends. */
public final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private Problems() {}

  public static Problem of(Throwable failure, String what) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return of(failure.getCause(), what);
    } else if (failure instanceof ProblemException e) {
      return e.problem();
    } else if (failure instanceof InvalidRequest e) {
      return new Problem(400, summary(e.errors()), e.errors(), Map.of());
    } else if (failure instanceof BadJson) {
      return Problem.of(400, failure.getMessage());
    } else if (failure instanceof StoreException e) {
      return of(e);
    } else if (failure instanceof HttpException e) {
      return http(e);
    } else if (failure instanceof ReplyException e) {
      LOG.warn("{}: the event bus says {} {}", what, e.failureType(), e.getMessage());
      return Problem.of(503, "The part of the hub that does this did not answer. Try again in a moment.").with("Retry-After", "5");
    }
    // The caller gets a number to quote, the log gets the stack.
    String id = Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE).substring(0, 8);
    LOG.error("{}: failure {}", what, id, failure);
    return Problem.of(500, "The hub has failed at this; its log has the details under " + id + ".");
  }

  private static Problem of(StoreException e) {
    String message = e.getMessage();
    if (e instanceof StoreException.NotFound) {
      return Problem.of(404, message);
    } else if (e instanceof StoreException.Conflict || e instanceof StoreException.StaleAttempt || e instanceof StoreException.Gap) {
      return Problem.of(409, message);
    } else if (e instanceof StoreException.KeyReused) {
      return Problem.of(422, message);
    } else if (e instanceof StoreException.ReadOnly) {
      return Problem.of(507, message);
    } else if (e instanceof StoreException.Overloaded) {
      return Problem.of(429, message).with("Retry-After", "1");
    } else if (e instanceof StoreException.Unusable) {
      return Problem.of(503, message);
    }
    LOG.error("The store reports damage: {}", message);
    return Problem.of(500, message);
  }

  private static Problem http(HttpException e) {
    return Problem.of(e.getStatusCode(), "The request cannot be read.");
  }

  private static String summary(List<FieldError> errors) {
    boolean params = errors.stream().allMatch(error -> error.field().startsWith("params."));
    String what = params ? "params" : "fields";
    return errors.size() == 1 ? "1 of the " + what + " is not valid." : errors.size() + " of the " + what + " are not valid.";
  }

  /** Nothing is sent when an answer is under way already: then the connection is cut, so that nobody takes it for whole. */
  public static void send(HttpServerRequest request, Problem problem) {
    HttpServerResponse response = request.response();
    if (response.headWritten()) {
      Connections.cut(request);
      return;
    }
    if (response.closed() || response.ended()) {
      return;
    }
    response.headers().remove("Content-Disposition");
    response.setStatusCode(problem.status()).putHeader("Content-Type", Problem.CONTENT_TYPE);
    response.putHeader("Cache-Control", "no-store");
    problem.headers().forEach(response::putHeader);
    response.end(Buffer.buffer(problem.json(request.path() == null ? "" : request.path())));
    drain(request);
  }

  /**
   * Reads what is left of a body that nobody wants: closing at once would make the system reset the connection, and the answer
   * would be lost with it. But not for ever.
   */
  private static void drain(HttpServerRequest request) {
    if (request.isEnded()) {
      return;
    }
    long[] left = {4L * Call.MAX_BODY};
    request.handler(
        bytes -> {
          left[0] -= bytes.length();
          if (left[0] < 0) {
            Connections.cut(request);
          }
        });
    request.resume();
  }
}
