package io.trainyard.ngramlm;

import io.trainyard.spi.Run;
import io.trainyard.spi.State;
import io.trainyard.toolkit.Npz;
import io.trainyard.toolkit.text.Vocab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is saved of a run: its counts and its vocabulary, so that a trained model can be asked where its text is not.
 * Used by the thread that trains, or asks.
 *
 * <p>In the file, {@code ngrams/3} has a row for each sequence of three tokens: the row of its first two in {@code
 * ngrams/2}, its last token, how often it came, and after how many different tokens. {@code vocab} is a vocab.json.
 */
final class Memory implements State {
  private static final int COLUMNS = 4;

  private Counts counts;
  private @Nullable Vocab vocab;
  private boolean restored;

  private Memory(Counts counts, @Nullable Vocab vocab) {
    this.counts = counts;
    this.vocab = vocab;
  }

  /** Of a training that begins, or goes on where it was. */
  static Counts ofTraining(Run run, int orders, Vocab vocab) throws IOException {
    Memory memory = new Memory(new Counts(orders), vocab);
    run.resumable(memory);
    return memory.counts;
  }

  /**
   * The model that the run has trained.
   *
   * @throws IOException if it has none yet
   */
  static Model model(Run run) throws IOException {
    Memory memory = new Memory(new Counts(1), null);
    run.resumable(memory);
    Vocab vocab = memory.vocab;
    if (vocab == null || !memory.restored) {
      throw new IOException("run " + run.id() + " has no checkpoint, and so no model; resume it, or train another one");
    }
    return new Model(memory.counts, Smoothing.of(run, vocab.length()), vocab);
  }

  @Override
  public void save(Path file) throws IOException {
    if (vocab == null) {
      throw new IllegalStateException("a model that is asked is not saved");
    }
    Map<String, Npz.Array> arrays = new LinkedHashMap<>();
    arrays.put("vocab", Npz.Array.of(vocab.toJson()));
    arrays.put("tokens", Npz.Array.of(new double[] {counts.total()}));
    arrays.put("last", Npz.Array.of(new long[] {counts.orders() + 1}, counts.last()));
    List<int[]> levels = counts.toArrays();
    for (int n = 1; n <= levels.size(); n++) {
      int[] rows = levels.get(n - 1);
      arrays.put("ngrams/" + n, Npz.Array.of(new long[] {rows.length / COLUMNS, COLUMNS}, rows));
    }
    Npz.write(file, arrays);
  }

  @Override
  public void restore(Path file) throws IOException {
    Map<String, Npz.Array> arrays = Npz.read(file);
    List<int[]> levels = new ArrayList<>();
    for (int n = 1; arrays.containsKey("ngrams/" + n); n++) {
      levels.add(arrays.get("ngrams/" + n).ints());
    }
    if (levels.isEmpty() || !arrays.keySet().containsAll(List.of("vocab", "tokens", "last"))) {
      throw new IOException(file + " is no checkpoint of an n-gram model: it has " + arrays.keySet());
    }
    Vocab saved = Vocab.ofJson(arrays.get("vocab").bytes(), "the vocabulary in " + file);
    boolean same = vocab == null || levels.size() == counts.orders() && Arrays.equals(saved.toJson(), vocab.toJson());
    if (!same) {
      throw new IOException(
          file + " is a checkpoint of another training: of order " + levels.size() + " with a vocabulary of "
              + saved.length() + ", not " + counts.orders() + " with one of " + vocab.length()
              + ", or not of the same tokens. Resume with the params and text that it was saved with, or start anew.");
    }
    counts = new Counts(levels, arrays.get("last").ints(), (long) arrays.get("tokens").doubles()[0]);
    vocab = saved;
    restored = true;
  }
}
