package io.trainyard.hub.http;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of the route table: from it come the router, the check of the role, and the page for machines.
 *
 * @param path with names in braces: {@code /api/v1/runs/{id}}; a last name {@code {path}} is all the rest, slashes
 *     included
 * @param name of the operation, unique: {@code stopRun}
 * @param request name of the body's schema; null when it takes none
 * @param body whether there is one
 * @param response name of the answer's schema; null when it is no JSON
 * @param streams whether the answer is written piece by piece
 * @param maxBody larger bodies are refused; in bytes
 */
public record Route(
    HttpMethod method,
    String path,
    Role role,
    String name,
    String summary,
    List<Query> query,
    @Nullable String request,
    Body body,
    int status,
    String contentType,
    @Nullable String response,
    boolean streams,
    int maxBody,
    Handler handler) {

  private static final String REST = "{path}";

  /** What a route takes besides its path and query. */
  public enum Body {
    /** Nothing, or {@code {}}. */
    NONE,
    OPTIONAL,
    REQUIRED,
    /** Large; its handler parses it as a stream. */
    BULK;

    boolean mustBeGiven() {
      return this == REQUIRED || this == BULK;
    }
  }

  /** What a query takes: JSON Schema's type, and for an array its elements'. */
  public record Query(String name, String type, @Nullable String fallback, String help) {}

  public Route {
    Objects.requireNonNull(role, () -> method + " " + path + " has no role");
    query = List.copyOf(query);
  }

  /** A route that answers 200 with JSON of this schema. */
  public static Route of(
      HttpMethod method, String path, Role role, String name, String summary, @Nullable String response, Handler handler) {
    return new Route(
        method, path, role, name, summary, List.of(), null, Body.NONE, 200, Answer.JSON, response, false, Call.MAX_BODY,
        handler);
  }

  public static Route get(String path, Role role, String name, String summary, @Nullable String response, Handler handler) {
    return of(HttpMethod.GET, path, role, name, summary, response, handler);
  }

  public static Route post(String path, Role role, String name, String summary, @Nullable String response, Handler handler) {
    return of(HttpMethod.POST, path, role, name, summary, response, handler);
  }

  public Route query(Query... query) {
    return new Route(
        method, path, role, name, summary, List.of(query), request, body, status, contentType, response, streams,
        maxBody, handler);
  }

  /** Takes a body. */
  public Route body(String schema) {
    return new Route(
        method, path, role, name, summary, query, schema, Body.REQUIRED, status, contentType, response, streams, maxBody,
        handler);
  }

  /** Takes a large body. */
  public Route bulk(String schema) {
    return new Route(
        method, path, role, name, summary, query, schema, Body.BULK, status, contentType, response, streams, maxBody,
        handler);
  }

  /** Takes a body, or none. */
  public Route optionalBody(String schema) {
    return new Route(
        method, path, role, name, summary, query, schema, Body.OPTIONAL, status, contentType, response, streams, maxBody,
        handler);
  }

  public Route status(int status) {
    return new Route(
        method, path, role, name, summary, query, request, body, status, contentType, response, streams, maxBody,
        handler);
  }

  /** Takes bodies of another size than most routes do. */
  public Route upTo(int maxBody) {
    return new Route(
        method, path, role, name, summary, query, request, body, status, contentType, response, streams, maxBody,
        handler);
  }

  public Route type(String contentType) {
    return new Route(
        method, path, role, name, summary, query, request, body, status, contentType, response, streams, maxBody,
        handler);
  }

  /** Answers piece by piece. */
  public Route streamed(String contentType) {
    return new Route(
        method, path, role, name, summary, query, request, body, status, contentType, null, true, maxBody, handler);
  }

  /** As Vert.x writes it: {@code /api/v1/runs/:id}. */
  String vertxPath() {
    String rest = takesRest() ? path.substring(0, path.length() - REST.length()) + "*" : path;
    return rest.replaceAll("\\{(\\w+)}", ":$1");
  }

  private boolean takesRest() {
    return path.endsWith(REST);
  }

  boolean matches(String requestPath) {
    String[] mine = path.split("/", -1);
    String[] theirs = requestPath.split("/", -1);
    if (takesRest() ? mine.length > theirs.length : mine.length != theirs.length) {
      return false;
    }
    for (int i = 0; i < mine.length; i++) {
      if (mine[i].startsWith("{") ? theirs[i].isEmpty() : !mine[i].equals(theirs[i])) {
        return false;
      }
    }
    return true;
  }
}
