package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trainyard generate RUN --prefix TEXT}. */
@Command(
    name = "generate",
    description = "Has the language model that a run has trained go on with a text, and prints both.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The same prefix, length, temperature, seed and checkpoint give the same text.",
      "Example: trainyard generate 4be1f0 --prefix \"time traveller\" --length 200"
    })
final class GenerateCommand implements Callable<Integer> {
  @Mixin private AskOptions question = new AskOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--prefix", paramLabel = "TEXT", description = "What to go on with (nothing).")
  private String prefix = "";

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Tokens to add, characters or words as the model has them (${DEFAULT-VALUE}).")
  private int length = 200;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 takes the likeliest token each time, above 1 is bolder than the model (${DEFAULT-VALUE}).")
  private double temperature = 1;

  @Option(names = "--seed", paramLabel = "N", description = "Of what is random in it (another one each time).")
  private @Nullable Long seed;

  @Override
  public Integer call() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("prefix", prefix);
    body.put("length", length);
    body.put("temperature", temperature);
    body.put("seed", seed);
    JsonNode answer = question.ask("generate", body);
    if (question.json()) {
      Cli.out(spec).println(answer);
      return ExitCode.OK;
    }
    Cli.out(spec).println(answer.path("prefix").asText() + answer.path("text").asText());
    AskOptions.sign(Cli.err(spec), answer, "; --seed " + answer.path("seed").asText());
    return ExitCode.OK;
  }
}
