package io.trainyard.tests.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * The texts that both sides read, written as plain files that need no preprocessing any more; one thread.
 *
 * <p>The Time Machine, where it is, as the course prepares it; else a made-up text of as many tokens and different
 * ones: for a model's speed it makes no difference.
 */
final class Texts {
  private static final int CHARACTERS = 10_000;

  private final Path folder;
  private final Optional<Path> timeMachine;

  private Texts(Path folder, Optional<Path> timeMachine) {
    this.folder = folder;
    this.timeMachine = timeMachine;
  }

  /** Into this folder. */
  static Texts in(Path folder) {
    String named = System.getenv("TRAINYARD_DATA");
    Optional<Path> found =
        named == null
            ? Optional.empty()
            : Stream.of("timemachine.txt", "time-machine/timemachine.txt")
                .map(Path.of(named)::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    return new Texts(folder, found);
  }

  /** Where they come from. */
  String source() {
    return timeMachine.isPresent()
        ? "The Time Machine"
        : "a made-up text of as many tokens (The Time Machine is not where TRAINYARD_DATA says)";
  }

  /** The first 10,000 characters; 27 different ones. */
  Path characters() throws IOException {
    String text =
        timeMachine.isPresent()
            ? String.join("", lines()).substring(0, CHARACTERS)
            : String.join("", madeUp(27, CHARACTERS, it -> Character.toString(it == 26 ? ' ' : 'a' + it)));
    return write("characters.txt", text);
  }

  /** 10,000 Chinese characters, 1026 different ones. */
  Path chinese() throws IOException {
    return write("chinese.txt", String.join("", madeUp(1026, CHARACTERS, it -> Character.toString(0x4e00 + it))));
  }

  /** 32,775 words, 4,579 different ones. */
  Path words() throws IOException {
    List<String> words =
        timeMachine.isPresent()
            ? List.of(String.join(" ", lines()).split(" +"))
            : madeUp(4579, 32_775, it -> "w" + it);
    return write("words.txt", String.join(" ", words));
  }

  /** Small letters with one space between words, as the course has it. */
  private List<String> lines() throws IOException {
    return Files.readAllLines(timeMachine.orElseThrow()).stream()
        .map(it -> it.replaceAll("[^A-Za-z]+", " ").strip().toLowerCase(Locale.ROOT))
        .filter(it -> !it.isEmpty())
        .toList();
  }

  /** Once through all symbols, so that each is there; then each is followed by one of the four that are its own. */
  private static List<String> madeUp(int symbols, int tokens, IntFunction<String> symbol) {
    Random random = new Random(7);
    int[][] after = new int[symbols][];
    for (int i = 0; i < symbols; i++) {
      after[i] = random.ints(4, 0, symbols).toArray();
    }
    List<String> text = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < tokens; i++) {
      at = i < symbols ? i : after[at][random.nextInt(4)];
      text.add(symbol.apply(at));
    }
    return text;
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toAbsolutePath();
  }
}
