package io.trainyard.tests.learning;

import io.trainyard.spi.Exhibit;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.toolkit.text.Corpus;
import java.io.IOException;

/** Whether what a language model says stands in the text that it has learned; any thread. */
final class Passage {
  private static final String PREFIX = "time traveller";

  private Passage() {}

  /** How many characters behind the prefix, from the first, stand together in the text. */
  static double length(RecordingRun run) throws IOException {
    Corpus corpus = Corpus.load(run);
    String text = corpus.vocab().decode(corpus.tokens());
    String said = ((Exhibit.Text) run.exhibit("sample/1")).text().substring(PREFIX.length());
    int length = 0;
    while (length < said.length() && text.contains(said.substring(0, length + 1))) {
      length++;
    }
    return length;
  }
}
