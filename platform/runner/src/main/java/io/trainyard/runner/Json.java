package io.trainyard.runner;

import com.fasterxml.jackson.databind.ObjectMapper;

/** The one reader and writer of JSON; any thread. Numbers that are not finite are written as text: {@code "NaN"}. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}
}
