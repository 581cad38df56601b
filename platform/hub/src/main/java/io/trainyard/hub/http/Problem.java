package io.trainyard.hub.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.trainyard.core.run.InvalidRequest.FieldError;
import io.trainyard.hub.json.Json;
import java.util.List;
import java.util.Map;

/**
 * What went wrong, as RFC 9457 says it.
 *
 * @param detail a sentence for the person who asked: what, where, and the way out
 * @param headers to go with it
 */
public record Problem(int status, String detail, List<FieldError> errors, Map<String, String> headers) {
  public static final String CONTENT_TYPE = "application/problem+json";

  public static Problem of(int status, String detail) {
    return new Problem(status, detail, List.of(), Map.of());
  }

  public Problem with(String header, String value) {
    return new Problem(status, detail, errors, Map.of(header, value));
  }

  byte[] json(String instance) {
    return Json.bytes(
        out -> {
          out.writeStartObject();
          out.writeStringField("type", "about:blank");
          out.writeStringField("title", HttpResponseStatus.valueOf(status).reasonPhrase());
          out.writeNumberField("status", status);
          out.writeStringField("detail", detail);
          out.writeStringField("instance", instance);
          if (!errors.isEmpty()) {
            out.writeArrayFieldStart("errors");
            for (FieldError error : errors) {
              out.writeStartObject();
              out.writeStringField("field", error.field());
              out.writeStringField("message", error.message());
              out.writeEndObject();
            }
            out.writeEndArray();
          }
          out.writeEndObject();
        });
  }
}
