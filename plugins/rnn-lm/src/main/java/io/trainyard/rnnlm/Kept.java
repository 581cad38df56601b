package io.trainyard.rnnlm;

import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.InvalidDataException;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.recurrent.WeightFiles;
import io.trainyard.toolkit.text.Vocab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a run keeps beside its checkpoints, and what it takes of others. The thread that trains calls. */
final class Kept {
  static final String VOCAB = "vocab.json";

  private Kept() {}

  /** With each checkpoint, so that the model can be asked without its text; and as an artifact that other runs can take. */
  static void vocab(Run run, Trainer trainer, Vocab vocab) throws IOException {
    trainer.attach(VOCAB, vocab.toJson());
    keep(run, VOCAB, vocab::save);
  }

  /** Begins with the weights of another run, if the params name one. */
  static void initialWeights(Run run, Trainer trainer, Net model) throws IOException {
    Optional<ArtifactRef> named = run.get(Params.INITIAL_WEIGHTS);
    if (named.isPresent()) {
      Path file = run.artifact(named.get());
      try {
        model.files(trainer).read(file, named.get().path());
      } catch (IOException e) {
        throw new InvalidDataException("initial_weights " + named.get() + ": " + e.getMessage());
      }
    }
  }

  /** Keeps the weights, in the formats that the params name. */
  static void weights(Run run, Trainer trainer, Net model) throws IOException {
    String wanted = run.get(Params.EXPORT_WEIGHTS);
    WeightFiles files = model.files(trainer);
    for (String format : List.of("npz", "json")) {
      if (wanted.equals(format) || wanted.equals("both")) {
        keep(run, "weights." + format, files::write);
      }
    }
  }

  private static void keep(Run run, String name, Writer writer) throws IOException {
    Path folder = Files.createTempDirectory("rnn-lm");
    Path file = folder.resolve(name);
    try {
      writer.write(file);
      run.keep(name, file);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private interface Writer {
    void write(Path file) throws IOException;
  }
}
