package io.trainyard.rnnlm;

import io.trainyard.spi.Run;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.text.Vocab;
import java.io.IOException;
import java.nio.file.Path;

/** What a run keeps beside its checkpoints. The thread that trains calls. */
final class Files {
  static final String VOCAB = "vocab.json";

  private Files() {}

  /** The vocabulary: with each checkpoint, so that it can be asked without the text, and as an artifact for other runs. */
  static void begin(Run run, Trainer trainer, Vocab vocab) throws IOException {
    trainer.attach(VOCAB, vocab.toJson());
    Path folder = java.nio.file.Files.createTempDirectory("rnn-lm");
    try {
      Path file = folder.resolve(VOCAB);
      vocab.save(file);
      run.keep(VOCAB, file);
      java.nio.file.Files.deleteIfExists(file);
    } finally {
      java.nio.file.Files.delete(folder);
    }
  }

  static void end(Run run, Trainer trainer) {}
}
