package io.trainyard.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Questions to a language model of a real plugin, in a process of their own. */
@Timeout(120)
final class LanguageTest {
  private static final String RESTORE =
      "run.resumable(new State() { public void save(Path f) {}"
          + " public void restore(Path f) throws java.io.IOException { w = Double.parseDouble(Files.readString(f)); } });";

  private static final String GENERATE =
      "return \" then\".repeat(prompt.length()) + prompt.temperature() + \",\" + prompt.seed() + \",\" + w;";

  /** Each character halves what is left; one that was never seen has nothing. */
  private static final String SCORE =
      "List<String> all = new ArrayList<>(); List<Factor> factors = new ArrayList<>();"
          + " for (String c : text.split(\"\")) { factors.add(new Factor(c, new ArrayList<>(all), c.equals(\"z\") ? 0 : w));"
          + " all.add(c); } return factors;";

  @TempDir Path dir;

  @Test
  void aPrefixIsGoneOnWith() throws Exception {
    JsonNode answer = generate(RESTORE + GENERATE);
    assertThat(answer.toString()).isEqualTo("{\"text\":\" then then0.5,-9,0.25\"}");
  }

  @Test
  void aTextHasAFactorForEachTokenTheirSumAndItsPerplexity() throws Exception {
    JsonNode answer = score(RESTORE + SCORE, "ab 时");
    assertThat(answer.at("/factors/0").toString())
        .isEqualTo("{\"token\":\"a\",\"given\":[],\"given_count\":0,\"probability\":0.25}");
    assertThat(answer.at("/factors/3").toString())
        .isEqualTo("{\"token\":\"时\",\"given\":[\"a\",\"b\",\" \"],\"given_count\":3,\"probability\":0.25}");
    assertThat(answer.path("log_likelihood").asDouble()).isEqualTo(4 * Math.log(0.25));
    assertThat(answer.path("perplexity").asDouble()).isEqualTo(4.0);
  }

  @Test
  void whatWasNeverSeenHasTheProbabilityZeroAndTheTextAnInfinitePerplexity() throws Exception {
    JsonNode answer = score(RESTORE + SCORE, "az");
    assertThat(answer.at("/factors/1/probability").asDouble()).isZero();
    assertThat(answer.path("log_likelihood").asText()).isEqualTo("-Infinity");
    assertThat(answer.path("perplexity").asText()).isEqualTo("Infinity");
  }

  @Test
  void aLongHistoryIsCountedAndItsEndShown() throws Exception {
    JsonNode last = score(RESTORE + SCORE, "0123456789abcdefgh").at("/factors/17");
    assertThat(last.path("given_count").asInt()).isEqualTo(17);
    assertThat(last.path("given")).hasSize(16);
    assertThat(last.at("/given/0").asText()).isEqualTo("1");
  }

  @Test
  void whatTheModelCannotTakeIsItsOwnSentence() throws Exception {
    String refuses = RESTORE + "throw new IllegalArgumentException(\"needs at least 3 tokens, but has 1\");";
    assertThat(generate(refuses).toString()).isEqualTo("{\"refused\":\"needs at least 3 tokens, but has 1\"}");
    assertThat(score(refuses, "a").path("refused").asText()).isEqualTo("needs at least 3 tokens, but has 1");
  }

  @Test
  void whatIsWrongIsASentence() throws Exception {
    assertThat(generate(GENERATE).path("error").asText()).contains("answers without calling run.resumable");
    assertThat(generate("throw new IllegalStateException(\"no luck\");").path("error").asText())
        .isEqualTo("The task t cannot answer: no luck (IllegalStateException).");
    assertThat(score(RESTORE + "return List.of();", "a").path("error").asText()).contains("finds no token in this text");
    assertThat(score(RESTORE + "return List.of(new Factor(\"a\", List.of(), 1.5));", "a").path("error").asText())
        .contains("the probability 1.5 to \"a\"");
    JsonNode none = ask(new TestJar().task(""), Map.of("mode", "score", "text", "a"));
    assertThat(none.path("error").asText())
        .isEqualTo("The task t has no model of language: it does not implement LanguageModel.");
  }

  private JsonNode generate(String body) throws Exception {
    Map<String, ?> prompt = Map.of("prefix", "the time", "length", 2, "temperature", 0.5, "seed", -9);
    return ask(plugin(body, "return List.of();"), Map.of("mode", "generate", "prompt", prompt));
  }

  private JsonNode score(String body, String text) throws Exception {
    return ask(plugin("return \"\";", body), Map.of("mode", "score", "text", text));
  }

  private static TestJar plugin(String generate, String score) {
    return new TestJar().service("p.T").source(
        "T",
        "public class T implements Task, LanguageModel { double w;"
            + " public TaskSpec spec() { return TaskSpec.of(\"t\", \"A test\"); } public void train(Run run) {}"
            + " public String generate(Run run, Prompt prompt) throws Exception { " + generate + " }"
            + " public List<Factor> score(Run run, String text) throws Exception { " + score + " } }");
  }

  private JsonNode ask(TestJar jar, Map<String, ?> asked) throws Exception {
    Path answer = dir.resolve("answer.json");
    Files.deleteIfExists(answer);
    Map<String, Object> question = new LinkedHashMap<>(asked);
    question.put("checkpoint", Map.of("file", Files.writeString(dir.resolve("w.npz"), "0.25").toString(), "step", 7));
    question.put("answer", answer.toString());
    try (Child child = Child.runner(dir, false)) {
      child.assign(jar.build(dir.resolve("p.jar")), Map.of(), question);
      assertThat(child.await()).as(child.output()).isZero();
    }
    return Json.MAPPER.readTree(answer.toFile());
  }
}
