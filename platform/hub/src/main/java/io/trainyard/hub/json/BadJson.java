package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/** A body that is no JSON, or JSON beyond the limits; the message says where. */
public final class BadJson extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadJson(String message) {
    super(message);
  }

  static BadJson of(JsonProcessingException e) {
    if (e instanceof StreamConstraintsException) {
      return new BadJson("The body is beyond the limits (at most " + Json.MAX_DEPTH + " levels deep): " + e.getOriginalMessage());
    }
    JsonLocation at = e.getLocation();
    String where = at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
    return new BadJson("The body is not valid JSON" + where + ": " + e.getOriginalMessage());
  }
}
