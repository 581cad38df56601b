package io.trainyard.tests.learning;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.trainyard.ngramlm.NgramLm;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.toolkit.text.Corpora;

/** Whether the book is on this machine; a test never downloads it. Any thread. */
final class TimeMachine {
  private TimeMachine() {}

  static void assumeItIsHere() {
    assumeThat(Corpora.find(new RecordingRun(new NgramLm()).param("corpus", Corpora.AUTO)).name())
        .as("what there is: The Time Machine, where the folder that TRAINYARD_DATA names has it")
        .isEqualTo(Corpora.TIME_MACHINE);
  }
}
