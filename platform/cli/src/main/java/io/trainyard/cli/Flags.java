package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Params of a task as flags: {@code --learning-rate 0.1}, {@code --learning_rate=0.1}, {@code --no-shuffle}. Values go
 * to the hub as text; it knows the types.
 */
final class Flags {
  private Flags() {}

  /**
   * Reads what picocli has left over.
   *
   * @param specs the task's params, so that a flag of type flag needs no value
   */
  static Map<String, Object> parse(List<String> arguments, JsonNode specs) {
    Map<String, Object> params = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--") || argument.length() < 3) {
        throw new CommandException(
            ExitCode.BAD_INPUT,
            "\"" + argument + "\" is not a flag. Params are given as --param value, or --param=value.");
      }
      int equals = argument.indexOf('=');
      String name = (equals < 0 ? argument.substring(2) : argument.substring(2, equals)).replace('-', '_');
      String value;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (type(specs, name).equals("flag") && (i + 1 == arguments.size() || !isBoolean(arguments.get(i + 1)))) {
        value = "true";
      } else if (name.startsWith("no_") && type(specs, name.substring(3)).equals("flag")) {
        name = name.substring(3);
        value = "false";
      } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
        value = arguments.get(++i);
      } else {
        throw new CommandException(ExitCode.BAD_INPUT, argument + " needs a value: " + argument + " VALUE");
      }
      if (params.put(name, value) != null) {
        throw new CommandException(ExitCode.BAD_INPUT, "--" + name.replace('_', '-') + " is given twice");
      }
    }
    return params;
  }

  /** The lines of {@code trainyard run TASK --help}. */
  static List<String> help(JsonNode specs) {
    List<String> lines = new ArrayList<>();
    for (JsonNode spec : specs) {
      String type = spec.path("type").asText();
      String flag = "      --" + spec.path("name").asText().replace('_', '-') + "=" + label(spec);
      StringBuilder text = new StringBuilder(spec.path("help").asText());
      if (spec.has("choices")) {
        List<String> choices = new ArrayList<>();
        spec.path("choices").forEach(choice -> choices.add(choice.asText()));
        text.append(": ").append(String.join(" | ", choices));
      }
      String bounds = bounds(spec);
      String absent = type.equals("optional") ? "none" : "required";
      String fallback = spec.path("default").isNull() ? absent : Output.param(spec.path("default"));
      text.append(" [").append(fallback).append(bounds.isEmpty() ? "" : "; " + bounds).append(']');
      lines.add(String.format("%-32s %s", flag, text));
    }
    return lines;
  }

  /** What stands for the value: of a param that may be left out, what it is when it is there. */
  private static String label(JsonNode spec) {
    return switch (spec.path("type").asText()) {
      case "optional" -> label(spec.path("element"));
      case "artifact" -> "RUN/PATH";
      default -> spec.path("type").asText().toUpperCase(Locale.ROOT);
    };
  }

  private static String bounds(JsonNode spec) {
    JsonNode min = spec.path("min");
    JsonNode max = spec.path("max");
    String low = min.isNumber() ? (spec.path("min_exclusive").asBoolean() ? "> " : ">= ") + Output.number(min) : "";
    String high = max.isNumber() ? "<= " + Output.number(max) : "";
    return low.isEmpty() ? high : high.isEmpty() ? low : low + ", " + high;
  }

  private static boolean isBoolean(String text) {
    return text.equals("true") || text.equals("false");
  }

  private static String type(JsonNode specs, String name) {
    for (JsonNode spec : specs) {
      if (spec.path("name").asText().equals(name)) {
        return spec.path("type").asText();
      }
    }
    return "";
  }
}
