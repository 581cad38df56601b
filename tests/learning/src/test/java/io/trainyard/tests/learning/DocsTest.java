package io.trainyard.tests.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.linreg.Linreg;
import io.trainyard.mlp.Mlp;
import io.trainyard.ngramlm.NgramLm;
import io.trainyard.rnnlm.RnnLm;
import io.trainyard.softmax.Softmax;
import io.trainyard.spi.Param;
import io.trainyard.spi.Task;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.textpreprocessing.TextPreprocessing;
import io.trainyard.toolkit.text.Corpora;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the page about the tasks. */
@Timeout(120)
final class DocsTest {
  private static final Path PAGE = Path.of("../../platform/docs/reference/tasks.md");
  private static final String RUN = "./trainyard run ";
  private static final Map<String, Supplier<Task>> TASKS =
      Map.of(
          "linreg", Linreg::new, "softmax", Softmax::new, "mlp", Mlp::new, "text-preprocessing", TextPreprocessing::new,
          "ngram-lm", NgramLm::new, "rnn-lm", RnnLm::new);

  @ParameterizedTest
  @MethodSource("commands")
  void eachCommandTrains(String command) throws Exception {
    List<String> words = List.of(command.split(" "));
    Task task = TASKS.get(words.get(0)).get();
    RecordingRun run = new RecordingRun(task).stopAfter(1);
    for (int i = 1; i < words.size(); i += 2) {
      String name = words.get(i).substring(2).replace('-', '_');
      Param<?> param = task.spec().params().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
      // The Time Machine where it is, and else the text that is made on each machine: no test waits for a download.
      String given = words.get(i + 1).equals(Corpora.TIME_MACHINE) ? Corpora.AUTO : words.get(i + 1);
      run.param(name, value(param, given));
    }
    assertThat(run.train().points()).isNotEmpty();
  }

  static Stream<String> commands() throws IOException {
    return Files.readAllLines(PAGE).stream().filter(it -> it.startsWith(RUN)).map(it -> it.substring(RUN.length()));
  }

  @Test
  void thePageHasEveryFigureThatIsTrained() throws IOException {
    String page = Files.readString(PAGE);
    for (Setting setting : Setting.all()) {
      for (Figure figure : setting.figures()) {
        assertThat(page).contains("| " + setting.name() + " | " + figure.what() + " | " + figure.published() + " | ");
      }
    }
    assertThat(page).doesNotContain("OUTSIDE");
  }

  /** Text as the command line has it. */
  private static Object value(Param<?> param, String text) {
    if (param instanceof Param.Int) {
      return Long.valueOf(text);
    }
    if (param instanceof Param.Real) {
      return Double.valueOf(text);
    }
    if (param instanceof Param.Many<?> list) {
      return Arrays.stream(text.split(",")).map(it -> value(list.element(), it)).toList();
    }
    return text;
  }
}
