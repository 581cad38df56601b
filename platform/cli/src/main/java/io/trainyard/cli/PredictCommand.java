package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard predict RUN IMAGE...}. */
@Command(
    name = "predict",
    description = "Shows pictures to the model that a run has trained, and prints what it takes them for.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Pictures are PNG, JPEG, GIF or BMP of any size. They are scaled, and turned to grey where the model is of grey",
      "pictures; dark things on a light ground are turned into light things on a dark one, as such models were taught.",
      "Example: trainyard predict 4be1f0 shoe.png bag.jpg"
    })
final class PredictCommand implements Callable<Integer> {
  private static final int MOST = 16;
  private static final long MOST_BYTES = 20L << 20;

  /** The hub and its runner name pictures by number. */
  private static final Pattern NUMBERED = Pattern.compile("\\b(?:images\\.|Picture )(\\d{1,2})\\b");

  @Mixin private AskOptions question = new AskOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Files with pictures; at most 16.")
  private List<Path> images = new ArrayList<>();

  @Override
  public Integer call() {
    JsonNode answer = ask(Map.of("images", encoded()));
    PrintWriter out = Cli.out(spec);
    if (question.json()) {
      out.println(answer);
      return ExitCode.OK;
    }
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      JsonNode scores = answer.path("predictions").path(i).path("scores");
      rows.add(
          List.of(
              images.get(i).toString(),
              scores.path(0).path("label").asText("-"),
              percent(scores.path(0)),
              other(scores.path(1)),
              other(scores.path(2))));
    }
    Output.table(out, List.of("FILE", "CLASS", "PROBABILITY", "SECOND", "THIRD"), rows);
    AskOptions.sign(Cli.err(spec), answer, "");
    return ExitCode.OK;
  }

  private JsonNode ask(Map<String, Object> body) {
    try {
      return question.ask("predict", body);
    } catch (CommandException e) {
      Matcher numbered = NUMBERED.matcher(e.getMessage());
      String named = numbered.replaceAll(found -> Matcher.quoteReplacement(file(found.group(1))));
      throw new CommandException(e.exitCode(), named);
    }
  }

  private String file(String number) {
    int index = Integer.parseInt(number) - 1;
    return index >= 0 && index < images.size() ? images.get(index).toString() : number;
  }

  private List<String> encoded() {
    if (images.size() > MOST) {
      throw new CommandException(
          ExitCode.BAD_INPUT, images.size() + " pictures are too many for one question; ask about at most " + MOST);
    }
    List<String> encoded = new ArrayList<>();
    for (Path image : images) {
      try {
        if (!Files.isRegularFile(image)) {
          throw new CommandException(ExitCode.BAD_INPUT, "there is no file " + image);
        }
        if (Files.size(image) > MOST_BYTES) {
          throw new CommandException(
              ExitCode.BAD_INPUT,
              image + " has " + Files.size(image) + " bytes; a picture may have 20 MiB. Make it smaller.");
        }
        encoded.add(Base64.getEncoder().encodeToString(Files.readAllBytes(image)));
      } catch (IOException e) {
        throw new CommandException(ExitCode.BAD_INPUT, image + " cannot be read: " + e.getMessage());
      }
    }
    return encoded;
  }

  private static String other(JsonNode score) {
    return score.isMissingNode() ? "-" : score.path("label").asText() + " " + percent(score);
  }

  private static String percent(JsonNode score) {
    JsonNode probability = score.path("probability");
    return probability.isNumber() ? String.format(Locale.ROOT, "%.1f %%", 100 * probability.asDouble()) : "-";
  }
}
