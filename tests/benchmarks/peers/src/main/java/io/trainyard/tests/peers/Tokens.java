package io.trainyard.tests.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A text as indices, by the order of first occurrence behind {@code <unk>}, which is 0; one thread.
 *
 * @param vocabulary how many there can be
 */
record Tokens(int[] indices, int vocabulary) {
  /**
   * Reads it.
   *
   * @param unit char, or word: then one space stands between two
   */
  static Tokens read(Path file, String unit) throws IOException {
    String text = Files.readString(file);
    String[] tokens = unit.equals("word") ? text.split(" ") : text.codePoints().mapToObj(Character::toString)
        .toArray(String[]::new);
    Map<String, Integer> known = new HashMap<>();
    int[] indices = Arrays.stream(tokens).mapToInt(it -> known.computeIfAbsent(it, k -> known.size() + 1)).toArray();
    return new Tokens(indices, known.size() + 1);
  }
}
