package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard score RUN TEXT...}. */
@Command(
    name = "score",
    description = "Asks the language model that a run has trained how likely a text is: P(w1) P(w2 | w1) ...",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A token that the model holds for impossible has the probability 0, and the text an infinite perplexity.",
      "Example: trainyard score 4be1f0 the time machine"
    })
final class ScoreCommand implements Callable<Integer> {
  /** More of a history would not be read; {@code --json} has 16. */
  private static final int MOST_GIVEN = 5;

  /** Below this a double loses digits. */
  private static final double SMALLEST_LOGARITHM = -700;

  @Mixin private AskOptions question = new AskOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT", description = "Several are joined by spaces.")
  private List<String> text = new ArrayList<>();

  @Override
  public Integer call() {
    JsonNode answer = question.ask("score", Map.of("text", String.join(" ", text)));
    PrintWriter out = Cli.out(spec);
    if (question.json()) {
      out.println(answer);
      return ExitCode.OK;
    }
    List<List<String>> rows = new ArrayList<>();
    int impossible = 0;
    for (JsonNode factor : answer.path("factors")) {
      rows.add(List.of(written(factor), Output.number(factor.path("probability"))));
      impossible += factor.path("probability").asDouble() == 0 ? 1 : 0;
    }
    rows.add(List.of("product", product(answer.path("log_likelihood"))));
    rows.add(List.of("log-likelihood", Output.number(answer.path("log_likelihood")) + " nats"));
    rows.add(List.of("perplexity", Output.number(answer.path("perplexity"))));
    Output.table(out, List.of("FACTOR", "PROBABILITY"), rows);
    if (impossible > 0) {
      int all = answer.path("factors").size();
      out.println("The model holds " + impossible + " of the " + all + " tokens for impossible where they stand.");
    }
    AskOptions.sign(Cli.err(spec), answer, "");
    return ExitCode.OK;
  }

  /** {@code P(time | the)}. */
  private static String written(JsonNode factor) {
    List<String> given = new ArrayList<>();
    factor.path("given").forEach(token -> given.add(shown(token.asText())));
    String last = String.join(" ", given.subList(Math.max(0, given.size() - MOST_GIVEN), given.size()));
    String cut = factor.path("given_count").asInt() > MOST_GIVEN ? "… " : "";
    return "P(" + shown(factor.path("token").asText()) + (last.isEmpty() ? "" : " | " + cut + last) + ")";
  }

  /** White space could not be told from what stands between tokens. */
  private static String shown(String token) {
    return token.replace(' ', '␣').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
  }

  /** Of probabilities, from the sum of their logarithms; a long text's is smaller than any double but 0. */
  private static String product(JsonNode logLikelihood) {
    if (!logLikelihood.isNumber()) {
      return logLikelihood.asText().equals("-Infinity") ? "0" : logLikelihood.asText();
    }
    double log = logLikelihood.asDouble();
    if (log > SMALLEST_LOGARITHM) {
      return String.format(Locale.ROOT, "%.6g", Math.exp(log));
    }
    double log10 = log / Math.log(10);
    double exponent = Math.floor(log10);
    return String.format(Locale.ROOT, "%.5fe%.0f", Math.pow(10, log10 - exponent), exponent);
  }
}
