package io.trainyard.hub.http;

import io.trainyard.hub.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** What a handler answers. */
public sealed interface Answer {
  String JSON = "application/json";
  String TEXT = "text/plain; charset=utf-8";

  /** A whole body. */
  record Whole(int status, String contentType, Buffer body, Map<String, String> headers) implements Answer {}

  /** The handler writes to the response itself, or has. */
  record Taken() implements Answer {}

  Answer TAKEN = new Taken();

  /** Writes the JSON on the caller's thread: a big one belongs on a worker. */
  static Answer json(int status, Json.Writer writer) {
    return new Whole(status, JSON, Buffer.buffer(Json.bytes(writer)), Map.of());
  }

  static Answer text(int status, String contentType, String text) {
    return new Whole(status, contentType, Buffer.buffer(text), Map.of());
  }
}
