package io.trainyard.tests.crash;

import io.trainyard.core.run.Trees;
import io.trainyard.core.store.ScrubReport;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.TrainyardStore;
import io.trainyard.tests.crash.StoreAnswers.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Flips bits in the files of a store, opens it, and asks everything. Never may an answer be wrong without a word. Blocks; one thread.
 *
 * <p>What may happen to a flip: nothing depends on it, or the store has the same elsewhere (right); a read is refused with the name of the damage (refused); what
 * was lost is missing, and the damage is named (less); the store does not start, and says which file (no start). A store that was killed has one more: the
 * last records of its journal cannot be told from a torn tail (tail).
 */
final class BitFlips {
  /** What came of a flip. */
  enum Outcome {
    RIGHT,
    REFUSED,
    LESS,
    NO_START,
    TAIL
  }

  /** What of a killed store is in chunks already, and what only in the journal, is another each time. */
  private static final int OF_ONE_STORE = 100;

  private final Path folder;
  private final Random random;
  private final Map<String, Map<Outcome, Integer>> outcomes = new TreeMap<>();
  private int flips;

  BitFlips(Path folder, long seed) {
    this.folder = folder;
    this.random = new Random(seed);
  }

  /** A folder in memory where there is one: thousands of stores are written and read. */
  static Path scratch() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory) ? Files.createTempDirectory(memory, "trainyard-flips-") : Files.createTempDirectory("trainyard-flips-");
  }

  void run(int times) throws IOException {
    int ofEach = times / FlipStore.Kind.values().length;
    for (FlipStore.Kind kind : FlipStore.Kind.values()) {
      for (int done = 0; done < ofEach; done += OF_ONE_STORE) {
        flip(kind, Math.min(OF_ONE_STORE, ofEach - done));
      }
    }
    Trees.delete(folder);
  }

  private void flip(FlipStore.Kind kind, int times) throws IOException {
    FlipStore store = FlipStore.make(folder, kind);
    store.write(folder);
    StoreAnswers truth;
    try (TrainyardStore whole = TrainyardStore.open(folder, FlipStore.OPTIONS)) {
      truth = new StoreAnswers(whole, FlipStore.seriesOfRuns());
      truth.mustHave(store);
      if (!whole.status().damage().isEmpty()) {
        throw new AssertionError(
            "the store that nobody touched says that it is damaged: " + whole.status().damage());
      }
    }
    for (int i = 0; i < times; i++) {
      one(store, truth);
    }
  }

  private void one(FlipStore store, StoreAnswers truth) throws IOException {
    store.write(folder);
    // Each kind of file as often as any other: by size, most flips would be in the free pages of the view.
    List<String> kinds = store.files().keySet().stream().map(BitFlips::kind).distinct().toList();
    String kind = kinds.get(random.nextInt(kinds.size()));
    List<String> names = store.files().keySet().stream().filter(name -> kind(name).equals(kind)).toList();
    String name = names.get(random.nextInt(names.size()));
    byte[] bytes = store.files().get(name).clone();
    int at = random.nextInt(bytes.length);
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    Files.write(folder.resolve(name), bytes);
    String what = store.kind() + " store, " + name + " byte " + at + " of " + bytes.length;
    Outcome outcome = open(store, truth, name, bytes, at, what);
    outcomes.computeIfAbsent(kind, none -> new EnumMap<>(Outcome.class)).merge(outcome, 1, Integer::sum);
    flips++;
  }

  private Outcome open(FlipStore store, StoreAnswers truth, String name, byte[] flipped, int at, String what) throws IOException {
    try (TrainyardStore opened = TrainyardStore.open(folder, FlipStore.OPTIONS)) {
      boolean cut = store.kind() == FlipStore.Kind.KILLED && name.startsWith("journal") && Files.size(folder.resolve(name)) <= at;
      StringBuilder why = new StringBuilder();
      Verdict verdict = new StoreAnswers(opened, FlipStore.seriesOfRuns()).against(truth, why);
      List<String> named = new ArrayList<>(opened.status().damage());
      ScrubReport scrub = opened.scrub().toCompletableFuture().join();
      named.addAll(scrub.problems());
      if (name.startsWith("view") && verdict != Verdict.RIGHT) {
        throw new AssertionError(what + ": the view is only an index, but without it the answers differ\n" + why + "damage: " + named);
      }
      boolean stillThere = Arrays.equals(readIfThere(folder.resolve(name)), flipped);
      boolean checked = name.startsWith("journal") || name.startsWith("chunks") || name.startsWith("snapshots");
      if (stillThere && checked && scrub.problems().isEmpty()) {
        throw new AssertionError(what + ": verify has found nothing");
      }
      return switch (verdict) {
        case RIGHT -> Outcome.RIGHT;
        case WRONG -> throw new AssertionError(what + ": wrong answers\n" + why + "damage: " + named);
        default -> {
          if (cut) {
            yield Outcome.TAIL;
          }
          if (named.isEmpty()) {
            throw new AssertionError(what + ": other answers, and no word of damage\n" + why);
          }
          yield verdict == Verdict.REFUSED ? Outcome.REFUSED : Outcome.LESS;
        }
      };
    } catch (StoreException refusal) {
      if (refusal.getMessage() == null || !named(refusal.getMessage(), name)) {
        throw new AssertionError(what + ": the store does not start, and does not say which file is to blame", refusal);
      }
      return Outcome.NO_START;
    } catch (RuntimeException unexpected) {
      throw new AssertionError(what + ": " + unexpected, unexpected);
    }
  }

  /** The store may delete a file at any moment. */
  private static byte[] readIfThere(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException gone) {
      return new byte[0];
    }
  }

  private static boolean named(String message, String file) {
    return message.contains(file) || message.contains(kind(file)) || message.contains("format");
  }

  /** The folder, or the file where it lies in none. */
  private static String kind(String name) {
    return name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
  }

  int flips() {
    return flips;
  }

  /** As Markdown. */
  String table() {
    StringBuilder text = new StringBuilder("| file | flips |");
    for (Outcome outcome : Outcome.values()) {
      text.append(' ').append(outcome.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')).append(" |");
    }
    text.append("\n|---|---|").append("---|".repeat(Outcome.values().length)).append('\n');
    outcomes.forEach(
        (kind, of) -> {
          text.append("| ").append(kind).append(" | ").append(of.values().stream().mapToInt(Integer::intValue).sum()).append(" |");
          for (Outcome outcome : Outcome.values()) {
            text.append(' ').append(of.containsKey(outcome) ? of.get(outcome) : "").append(" |");
          }
          text.append('\n');
        });
    return text.toString();
  }
}
