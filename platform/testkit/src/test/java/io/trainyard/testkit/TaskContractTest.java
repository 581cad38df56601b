package io.trainyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.spi.Task;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** A task without a mistake satisfies the contract, whose tests are inherited; each mistake breaks it. */
final class TaskContractTest extends TaskContract {
  @Override
  protected Task task() {
    return new Walk();
  }

  @Override
  protected Map<String, ?> quick() {
    return Map.of("epochs", 4);
  }

  @Test
  void aStateThatLacksSomethingIsFoundInTheMiddleOfAnEpoch() throws Exception {
    Of forgets = new Of(Walk.Mistake.FORGETS_THE_SUM);
    breaks(forgets::stoppedInTheMiddleOfAnEpochAndResumedItIsAsIfNothingHadBeen, "epoch/mean");
    // Nothing is summed up where an epoch begins.
    forgets.stoppedAtTheEndOfAnEpochAndResumedItIsAsIfNothingHadBeen();
  }

  @Test
  void randomNumbersThatGoOnFromWhereTheProcessStartedAreFound() {
    Of random = new Of(Walk.Mistake.RANDOM_IS_NOT_DERIVED);
    breaks(random::stoppedAtTheEndOfAnEpochAndResumedItIsAsIfNothingHadBeen, "train/at");
    breaks(random::killedSomeTimeAfterACheckpointAndResumedItIsAsIfNothingHadBeen, "train/at");
  }

  @Test
  void anEvaluationOfHalfAnEpochIsFound() {
    Of half = new Of(Walk.Mistake.EVALUATES_HALF_AN_EPOCH);
    breaks(half::stoppedInTheMiddleOfAnEpochAndResumedItIsAsIfNothingHadBeen, "uninterrupted: null");
  }

  @Test
  void anEvaluationThatIsCutShortIsDoneAgainFromTheCheckpointBeforeIt() throws Exception {
    Of asks = new Of(Walk.Mistake.ASKS_IN_ITS_EVALUATION);
    asks.stoppedAtTheEndOfAnEpochAndResumedItIsAsIfNothingHadBeen();
    RecordingRun cut = new RecordingRun(asks.task()).stopAfter(20).train();
    assertThat(cut.checkpointStep()).isEqualTo(-1);
    assertThat(new RecordingRun(new Walk()).stopAfter(20).train().checkpointStep()).isEqualTo(20);
  }

  @Test
  void whatATaskDoesNotOfferIsNotAskedOfIt() {
    Of plain = new Of(Walk.Mistake.STARTS_AGAIN);
    assertThatThrownBy(plain::stoppedInTheMiddleOfAnEpochAndResumedItIsAsIfNothingHadBeen)
        .isInstanceOf(TestAbortedException.class);
  }

  @Test
  void aModelThatAnswersUntrainedIsFound() {
    assertThatThrownBy(new Of(Walk.Mistake.ANSWERS_UNTRAINED)::aTrainedModelAnswersWithProbabilitiesAndTheSameEachTime)
        .hasMessageContaining("has not called run.resumable");
  }

  private static void breaks(ThrowingCallable test, String what) {
    assertThatThrownBy(test).isInstanceOf(AssertionError.class).hasMessageContaining(what);
  }

  private static final class Of extends TaskContract {
    private final Walk.Mistake mistake;

    Of(Walk.Mistake mistake) {
      this.mistake = mistake;
    }

    @Override
    protected Task task() {
      return new Walk(mistake);
    }

    @Override
    protected Map<String, ?> quick() {
      return Map.of();
    }
  }
}
