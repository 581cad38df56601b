package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.Program.Result;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the guide, in its order; RUN is the run that was trained last, or one that is to be stopped. */
final class GuideTest {
  private static final Path GUIDE = Path.of("../../platform/docs/guide/checkpoints.md");
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ID = Pattern.compile("\\(([0-9a-f]{32})\\)");

  @TempDir Path folder;

  @Test
  void eachCommandDoesWhatItIsQuotedFor() throws Exception {
    Path home = folder.resolve("home");
    ImageIO.write(new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY), "png", folder.resolve("shoe.png").toFile());
    List<String> done = new ArrayList<>();
    try (LiveHub hub = LiveHub.up(home)) {
      Program program = Program.at(home);
      String run = "";
      for (String command : commands()) {
        List<String> words = new ArrayList<>(List.of(command.split(" +")));
        String name = words.get(1);
        if (name.equals("stop")) {
          run = hub.launch("softmax", Map.of("epochs", 3, "steps_per_second", 100));
          hub.untilStep(run, 100);
        }
        String id = run;
        words.replaceAll(word -> word.equals("RUN") ? id : word);
        Result result = program.run(words.subList(1, words.size()).toArray(String[]::new));
        assertThat(result.exit()).as(command + "\n" + result.out() + result.err()).isZero();
        Matcher trained = ID.matcher(result.out());
        run = trained.find() ? trained.group(1) : run;
        check(name, result, hub, run);
        done.add(name);
      }
    }
    assertThat(done)
        .containsExactly("run", "stop", "resume", "rerun", "replay", "predict", "artifacts", "artifacts");
    assertThat(folder.resolve("last.npz")).isNotEmptyFile();
  }

  private static void check(String name, Result result, LiveHub hub, String run) throws Exception {
    JsonNode now = hub.run(run);
    switch (name) {
      case "stop" -> assertThat(now.path("resumable").asBoolean()).isTrue();
      case "resume" -> assertThat(now.path("attempt").asInt()).isEqualTo(2);
      // 60,000 pictures in batches of 256, four times.
      case "replay" -> assertThat(result.out()).startsWith("bit-identical over 940 steps");
      case "predict" -> assertThat(result.out()).contains("shoe.png").contains(" %");
      default -> assertThat(now.path("state").asText()).isEqualTo("FINISHED");
    }
  }

  private static List<String> commands() throws Exception {
    List<String> commands = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(GUIDE));
    while (block.find()) {
      block.group(1).lines().filter(line -> line.startsWith("./trainyard ")).forEach(commands::add);
    }
    return commands;
  }
}
