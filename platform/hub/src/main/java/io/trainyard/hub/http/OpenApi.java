package io.trainyard.hub.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The API as OpenAPI 3.1: the route table, and the schemas that lie beside this class. Called on a worker, once. */
public final class OpenApi {
  private static final Pattern IN_PATH = Pattern.compile("\\{(\\w+)}");
  private static final ObjectMapper TREES = new ObjectMapper();

  private OpenApi() {}

  public static byte[] document(RouteTable table, String version) {
    ObjectNode root = TREES.createObjectNode();
    root.put("openapi", "3.1.0");
    root.putObject("info")
        .put("title", "Trainyard")
        .put("version", version)
        .put("description", "Experiment tracking on the JVM. docs/reference/api.md is this page for people.");
    ObjectNode paths = root.putObject("paths");
    for (Route route : table.routes()) {
      ObjectNode path = paths.withObjectProperty(route.path());
      operation(path.putObject(route.method().name().toLowerCase(Locale.ROOT)), route);
    }
    ObjectNode components = root.putObject("components");
    components.set("schemas", schemas());
    ObjectNode security = components.putObject("securitySchemes");
    security.putObject("token").put("type", "http").put("scheme", "bearer");
    ObjectNode problem = components.putObject("responses").putObject("Problem");
    problem.put("description", "What went wrong, and the way out.");
    ref(problem.putObject("content").putObject(Problem.CONTENT_TYPE).putObject("schema"), "Problem");
    try {
      return TREES.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void operation(ObjectNode operation, Route route) {
    operation.put("operationId", route.name());
    operation.put("summary", route.summary());
    operation.put("x-role", route.role().text());
    ArrayNode security = operation.putArray("security");
    if (route.role() != Role.OPEN) {
      security.addObject().putArray("token");
    }
    if (route.role() == Role.READ || route.role() == Role.TRACK) {
      // Open on loopback, unless the hub was told otherwise.
      security.addObject();
    }
    ArrayNode params = operation.putArray("parameters");
    Matcher inPath = IN_PATH.matcher(route.path());
    while (inPath.find()) {
      params.addObject().put("name", inPath.group(1)).put("in", "path").put("required", true).putObject("schema").put("type", "string");
    }
    for (Route.Query query : route.query()) {
      ObjectNode param = params.addObject().put("name", query.name()).put("in", "query").put("description", query.help());
      ObjectNode schema = param.putObject("schema").put("type", query.type());
      if (query.type().equals("array")) {
        schema.putObject("items").put("type", "string");
      } else if (query.fallback() != null) {
        schema.put("default", query.fallback());
      }
    }
    if (route.method().name().equals("POST")) {
      params.addObject().put("name", "Idempotency-Key").put("in", "header").putObject("schema").put("type", "string").put("maxLength", 128);
    }
    if (route.request() != null) {
      ObjectNode body = operation.putObject("requestBody").put("required", route.body().mustBeGiven());
      ref(body.putObject("content").putObject(Answer.JSON).putObject("schema"), route.request());
    }
    ObjectNode responses = operation.putObject("responses");
    ObjectNode good = responses.putObject(Integer.toString(route.status())).put("description", route.summary());
    if (route.status() != 302) {
      ObjectNode content = good.putObject("content").putObject(route.contentType());
      if (route.response() != null) {
        ref(content.putObject("schema"), route.response());
      }
    }
    responses.putObject("default").put("$ref", "#/components/responses/Problem");
  }

  private static void ref(ObjectNode node, String schema) {
    node.put("$ref", "#/components/schemas/" + schema);
  }

  private static JsonNode schemas() {
    try (InputStream in = OpenApi.class.getResourceAsStream("schemas.json")) {
      if (in == null) {
        throw new IllegalStateException("schemas.json is missing from this build of the hub");
      }
      return TREES.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
