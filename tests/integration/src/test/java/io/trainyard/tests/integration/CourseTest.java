package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.tests.integration.Program.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the walk through the course, in its order: each ends with the status that the page gives it, else 0. */
final class CourseTest {
  private static final Path ENGLISH = Path.of("../../platform/docs/course/README.md");
  private static final Path CHINESE = Path.of("../../platform/docs/course/README.zh.md");
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern STATUS = Pattern.compile(" +# exit status ([0-9]+)$");
  private static final Pattern TRAINED = Pattern.compile("(?m)^(\\S+) .*\\(([0-9a-f]{32})\\)$");

  /** What 500 epochs reach, and take, is for {@code tests/learning}. */
  private static final Map<String, String> SHORTER = Map.of("500", "50");

  @TempDir Path folder;

  @Test
  void eachCommandEndsAsThePageSays() throws Exception {
    List<String> commands = commands(ENGLISH);
    assertThat(commands).hasSizeGreaterThan(30).startsWith("./trainyard up");
    Path home = folder.resolve("home");
    try (LiveHub hub = LiveHub.up(home)) {
      Program program = Program.at(hub.home());
      Map<String, String> ids = new HashMap<>();
      for (String command : commands.subList(1, commands.size())) {
        Matcher said = STATUS.matcher(command);
        int status = said.find() ? Integer.parseInt(said.group(1)) : 0;
        List<String> words = words(STATUS.matcher(command).replaceFirst(""), ids);
        words.replaceAll(word -> SHORTER.getOrDefault(word, word));
        Result result = program.run(words.subList(1, words.size()).toArray(String[]::new));
        String all = command + "\n" + result.out() + result.err();
        assertThat(result.exit()).as(all).isEqualTo(status);
        assertThat(result.out()).as(command).doesNotContain("outside the reference band");
        switch (words.get(1)) {
          case "run" -> {
            Matcher trained = TRAINED.matcher(result.out());
            assertThat(trained.find()).as(all).isTrue();
            ids.put(trained.group(1), trained.group(2));
            ids.put("run", trained.group(2));
            assertThat(result.out()).as(command).contains(status == 0 ? "FINISHED" : "DIVERGED");
          }
          case "replay" -> assertThat(result.out()).startsWith("bit-identical over 300 steps");
          default -> assertThat(result.out() + result.err()).as(command).isNotBlank();
        }
      }
    }
  }

  @Test
  void bothLanguagesHaveTheSameCommands() throws Exception {
    assertThat(commands(CHINESE)).isEqualTo(commands(ENGLISH));
  }

  /** As a shell has them, but that RUN is the id of the run that was trained last, and BOOK of that with the name book. */
  private static List<String> words(String command, Map<String, String> ids) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(command);
    while (word.find()) {
      String text = word.group(1) != null ? word.group(1) : word.group(2);
      String first = text.split("/", 2)[0];
      String id = first.equals(first.toUpperCase(Locale.ROOT)) ? ids.get(first.toLowerCase(Locale.ROOT)) : null;
      words.add(id == null ? text : id + text.substring(first.length()));
    }
    return words;
  }

  private static List<String> commands(Path page) throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(page));
    while (block.find()) {
      block.group(1).lines().forEach(commands::add);
    }
    assertThat(commands).allMatch(line -> line.startsWith("./trainyard "));
    return commands;
  }
}
