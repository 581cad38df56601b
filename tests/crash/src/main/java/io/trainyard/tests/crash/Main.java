package io.trainyard.tests.crash;

import io.trainyard.store.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code tests/crash/run}: the long variants. Prints tables; exit status 1 when something was lost or a phase was never hit, and a stack trace at the first thing
 * that is not as it must be.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException {
    int kills = 40;
    int flips = 4000;
    long seed = System.currentTimeMillis();
    for (int i = 0; i + 1 < args.length; i += 2) {
      switch (args[i]) {
        case "--kills" -> kills = Integer.parseInt(args[i + 1]);
        case "--flips" -> flips = Integer.parseInt(args[i + 1]);
        case "--seed" -> seed = Long.parseLong(args[i + 1]);
        default -> throw new IllegalArgumentException("usage: run [--kills N of each kind] [--flips N] [--seed N]");
      }
    }
    System.out.println("seed " + seed);
    if (flips > 0) {
      flip(flips, seed);
    }
    boolean all = kills == 0 || kill(kills, seed);
    if (kills > 0) {
      LaunchKills.run(kills, seed);
      System.out.println(kills + " kills of the hub while it started a runner: each run came to its end.");
      StoppedRunner.check();
      System.out.println("A runner that was stopped (SIGSTOP) was unreachable, went on, and lost nothing.");
    }
    System.exit(all ? 0 : 1);
  }

  private static void flip(int times, long seed) throws IOException {
    long began = System.nanoTime();
    BitFlips flips = new BitFlips(BitFlips.scratch(), seed);
    flips.run(times);
    System.out.println();
    System.out.print(flips.table());
    System.out.printf(Locale.ROOT, "%d flips in %d s.%n%n", flips.flips(), (System.nanoTime() - began) / 1_000_000_000L);
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
