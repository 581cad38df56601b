package io.trainyard.store.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.model.Attempt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VisibilityTest {
  private static final long MIN = Long.MIN_VALUE;
  private static final long MAX = Long.MAX_VALUE;

  private static List<Visibility> of(@Nullable Long... resumedAt) {
    List<Attempt> attempts = new ArrayList<>();
    for (Long step : resumedAt) {
      attempts.add(new Attempt(attempts.size() + 1, attempts.size() + 1, "local", 0, null, step, null, null));
    }
    return Visibility.of(attempts);
  }

  @Test
  void aRunThatWasTriedOnceShowsAllOfIt() {
    assertThat(of()).containsExactly(new Visibility(1, MIN, MAX));
    assertThat(of((Long) null)).containsExactly(new Visibility(1, MIN, MAX));
  }

  @Test
  void anAttemptThatResumedTakesOverFromItsStepOn() {
    assertThat(of(null, 100L)).containsExactly(new Visibility(1, MIN, 99), new Visibility(2, 100, MAX));
    assertThat(of(null, 100L, 250L))
        .containsExactly(new Visibility(1, MIN, 99), new Visibility(2, 100, 249), new Visibility(3, 250, MAX));
  }

  @Test
  void oneThatResumedEarlierThanTheOneBeforeItHidesThatOneWhole() {
    assertThat(of(null, 100L, 50L)).containsExactly(new Visibility(1, MIN, 49), new Visibility(3, 50, MAX));
  }

  @Test
  void oneThatStartedOverHidesAllBeforeIt() {
    assertThat(of(null, 100L, null)).containsExactly(new Visibility(3, MIN, MAX));
    assertThat(of(null, null, 7L)).containsExactly(new Visibility(2, MIN, 6), new Visibility(3, 7, MAX));
  }

  @Test
  void theLowestStepOfAllIsAStepLikeOthers() {
    assertThat(of(null, MIN)).containsExactly(new Visibility(2, MIN, MAX));
  }
}
