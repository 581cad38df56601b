package io.trainyard.tests.crash;

import io.trainyard.store.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code tests/crash/run}: the long variant of the kills. Prints a table; exit status 1 when something was lost or a phase was never hit. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int kills = 40;
    long seed = System.currentTimeMillis();
    for (int i = 0; i + 1 < args.length; i += 2) {
      switch (args[i]) {
        case "--kills" -> kills = Integer.parseInt(args[i + 1]);
        case "--seed" -> seed = Long.parseLong(args[i + 1]);
        default -> throw new IllegalArgumentException("usage: run [--kills N of each kind] [--seed N]");
      }
    }
    System.out.println("seed " + seed);
    System.exit(kill(kills, seed) ? 0 : 1);
  }

  private static boolean kill(int killsPerKind, long seed) {
    long began = System.nanoTime();
    try (Yard yard = new Yard(Yard.Layout.LIGHT)) {
      KillCampaign campaign = new KillCampaign(yard, seed, System.out);
      campaign.run(killsPerKind);
      System.out.println();
      System.out.print(campaign.tally().table());
      System.out.printf(Locale.ROOT, "%d kills in %d s, seed %d.%n", campaign.tally().total(), (System.nanoTime() - began) / 1_000_000_000L, seed);
      List<String> missed = new ArrayList<>();
      for (Phase phase : Phase.values()) {
        if (campaign.tally().hits(phase) == 0) {
          missed.add(phase.name());
        }
      }
      if (campaign.tally().idle() == 0) {
        missed.add("IDLE");
      }
      if (!missed.isEmpty()) {
        System.out.println("Never hit: " + missed + ". Nothing was lost, but this shows less than it should.");
        return false;
      }
      yard.passed();
      return true;
    }
  }
}
