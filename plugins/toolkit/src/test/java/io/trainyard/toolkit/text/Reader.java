package io.trainyard.toolkit.text;

import io.trainyard.spi.Run;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;

/** The smallest task with a text: it has the params, and does nothing. */
public final class Reader implements Task {
  @Override
  public TaskSpec spec() {
    return TaskSpec.of("reader", "A reader").params(Corpora.params());
  }

  @Override
  public void train(Run run) {}
}
