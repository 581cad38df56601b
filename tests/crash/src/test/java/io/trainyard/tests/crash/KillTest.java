package io.trainyard.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The short variant of {@code tests/crash/run}: 20 kills. */
final class KillTest {
  private static final int EACH = 5;

  @Test
  void nothingIsLostOrDoubledWhenHubsAndRunnersAreKilled() {
    try (Yard yard = new Yard(Yard.Layout.LIGHT)) {
      // A seed that stays: a failure here is one that somebody can look for. The long variant takes another each time.
      KillCampaign campaign = new KillCampaign(yard, 20, System.out);
      campaign.run(EACH);
      System.out.print(campaign.tally().table());
      assertThat(campaign.tally().total()).isEqualTo(EACH * Kill.values().length);
      yard.passed();
    }
  }

  @Test
  void runWhoseRunnerIsBeingStartedComesToItsEnd() {
    LaunchKills.run(8, 1);
  }
}
