package io.trainyard.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** As much of JSON Schema as ours use: says what of a value is not as the schema says. */
final class Schema {
  private static final String REF = "#/components/schemas/";
  private final JsonNode schemas;

  /** @param schemas by name */
  Schema(JsonNode schemas) {
    this.schemas = schemas;
  }

  static Schema ofBuild() throws IOException {
    try (InputStream in = Schema.class.getResourceAsStream("/io/trainyard/hub/http/schemas.json")) {
      return new Schema(TestHub.JSON.readTree(in));
    }
  }

  boolean has(String name) {
    return schemas.has(name);
  }

  List<String> check(String name, JsonNode value) {
    List<String> errors = new ArrayList<>();
    if (!schemas.has(name)) {
      errors.add("there is no schema " + name);
    } else {
      check(schemas.get(name), value, "$", errors);
    }
    return errors;
  }

  private void check(JsonNode schema, JsonNode value, String at, List<String> errors) {
    if (schema.has("$ref")) {
      String name = schema.get("$ref").asText().substring(REF.length());
      if (!schemas.has(name)) {
        errors.add(at + ": there is no schema " + name);
        return;
      }
      check(schemas.get(name), value, at, errors);
      return;
    }
    if (schema.has("anyOf")) {
      for (JsonNode one : schema.get("anyOf")) {
        List<String> wrong = new ArrayList<>();
        check(one, value, at, wrong);
        if (wrong.isEmpty()) {
          return;
        }
      }
      errors.add(at + ": none of the alternatives takes " + value);
      return;
    }
    if (schema.has("const") && !schema.get("const").equals(value)) {
      errors.add(at + ": is not " + schema.get("const"));
    }
    if (schema.has("enum") && !contains(schema.get("enum"), value)) {
      errors.add(at + ": " + value + " is none of " + schema.get("enum"));
    }
    if (schema.has("pattern") && !value.asText().matches(schema.get("pattern").asText())) {
      errors.add(at + ": " + value + " is not like " + schema.get("pattern"));
    }
    if (schema.has("type") && !typed(schema.get("type"), value)) {
      errors.add(at + ": " + value + " is not of type " + schema.get("type"));
      return;
    }
    if (value.isArray() && schema.has("items")) {
      for (int i = 0; i < value.size(); i++) {
        check(schema.get("items"), value.get(i), at + "[" + i + "]", errors);
      }
    }
    if (value.isObject()) {
      object(schema, value, at, errors);
    }
  }

  private void object(JsonNode schema, JsonNode value, String at, List<String> errors) {
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asText())) {
        errors.add(at + ": " + name + " is missing");
      }
    }
    JsonNode others = schema.path("additionalProperties");
    for (var field : value.properties()) {
      String path = at + "." + field.getKey();
      if (schema.path("properties").has(field.getKey())) {
        check(schema.get("properties").get(field.getKey()), field.getValue(), path, errors);
      } else if (others.isObject()) {
        check(others, field.getValue(), path, errors);
      } else if (others.isBoolean()) {
        errors.add(path + ": is not in the schema");
      }
    }
  }

  private static boolean contains(JsonNode list, JsonNode value) {
    for (JsonNode one : list) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean typed(JsonNode types, JsonNode value) {
    if (types.isArray()) {
      for (JsonNode type : types) {
        if (typed(type, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (types.asText()) {
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> false;
    };
  }
}
