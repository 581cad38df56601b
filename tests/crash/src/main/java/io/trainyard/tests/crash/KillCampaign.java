package io.trainyard.tests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.store.Phase;
import io.trainyard.tests.crash.plugin.Known;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Kills hubs and runners while runs train, again and again on one data folder, and checks after each kill that nothing was lost, nothing
 * doubled, and nobody else hurt. Blocks its caller; one thread.
 *
 * <p>The seed decides what is killed, when, and in which phase it is tried; the machine's timing decides what is hit. Hits are not
 * guessed: the store says in a mapped file what it is doing, and that file is read after the death.
 */
final class KillCampaign {
  private static final Duration ARRIVAL = Duration.ofSeconds(30);
  private static final Duration FAILED_WITHIN = Duration.ofSeconds(5);
  private static final int ACTIVE = 3;

  /** Aims of a kill: null is any moment. A phase that is short is aimed at more often, for it is missed more often. */
  private static final List<@Nullable Phase> AIMS = aims();

  private final Yard yard;
  private final Random random;
  private final PrintStream log;
  private final Tally tally = new Tally();
  private final List<KnownRun> active = new ArrayList<>();
  private final List<KnownRun> ended = new ArrayList<>();
  private int rounds;

  KillCampaign(Yard yard, long seed, PrintStream log) {
    this.yard = yard;
    this.random = new Random(seed);
    this.log = log;
  }

  private static List<@Nullable Phase> aims() {
    List<@Nullable Phase> aims = new ArrayList<>();
    Collections.addAll(aims, null, Phase.FSYNC, Phase.SEALING, Phase.COPYING_VIEW, Phase.RETIRING, null, Phase.COPYING_VIEW, Phase.RETIRING);
    return aims;
  }

  Tally tally() {
    return tally;
  }

  /** Kills each so many times. */
  void run(int killsPerKind) {
    List<Kill> plan = new ArrayList<>();
    for (Kill kill : Kill.values()) {
      plan.addAll(Collections.nCopies(killsPerKind, kill));
    }
    Collections.shuffle(plan, random);
    yard.up();
    for (Kill kill : plan) {
      keepTraining();
      round(kill);
    }
    finish();
  }

  private void round(Kill kill) {
    rounds++;
    long began = System.nanoTime();
    switch (kill) {
      case HUB -> killHub(kill, List.of(), aim());
      case RUNNER -> killRunner();
      case BOTH -> killHub(kill, List.of(trainingRun()), aim());
      case RECOVERING -> killRecovering();
      default -> throw new IllegalStateException(kill.toString());
    }
    tally.killed(kill);
    if (rounds % 8 == 0) {
      yard.verify();
      tally.verified();
    }
    log.printf("%4d  %-24s %5d ms%n", rounds, kill, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
  }

  private @Nullable Phase aim() {
    return AIMS.get(rounds % AIMS.size());
  }

  // --- what is killed ------------------------------------------------------------------------------------------------

  private void killHub(Kill kill, List<KnownRun> victims, @Nullable Phase aim) {
    boolean runnerFirst = random.nextBoolean();
    takeAim(aim);
    if (runnerFirst) {
      victims.forEach(victim -> Processes.kill9(victim.truth().pid()));
    }
    yard.hub().kill9();
    tally.died(kill, yard.phases().now(), true);
    victims.forEach(victim -> Processes.kill9(victim.truth().pid()));
    trainsOn(victims);
    restart(victims);
  }

  private void killRecovering() {
    takeAim(null);
    yard.hub().kill9();
    int times = 1 + random.nextInt(2);
    for (int i = 0; i < times; i++) {
      HubProcess starting = yard.begin();
      if (random.nextInt(3) > 0) {
        yard.phases().spinUntil(Phase.RECOVERING, System.nanoTime() + TimeUnit.SECONDS.toNanos(10), () -> HubProcess.at(yard.home()) != null);
      } else {
        pause(random.nextInt(1_500));
      }
      boolean up = HubProcess.at(yard.home()) != null;
      starting.kill9();
      tally.died(Kill.RECOVERING, yard.phases().now(), up);
    }
    trainsOn(List.of());
    restart(List.of());
  }

  private void killRunner() {
    KnownRun victim = trainingRun();
    pause(random.nextInt(300));
    List<KnownRun> others = active.stream().filter(run -> run != victim && run.training()).toList();
    Map<KnownRun, Long> before = counts(others);
    boolean child = victim.isChildOf(yard.hub());
    Processes.kill9(victim.truth().pid());
    Await.until("the runner is gone", ARRIVAL, () -> Processes.commandLine(victim.truth().pid()).isEmpty());
    boolean finished = victim.truth().returned();
    died(victim, System.nanoTime(), finished, child);
    grows(before, "while the runner of another run was killed");
  }

  // --- before and after ----------------------------------------------------------------------------------------------

  /** Waits for a random moment, or for the store to be in this phase. */
  private void takeAim(@Nullable Phase aim) {
    pause(random.nextInt(aim == null ? 700 : 100));
    if (aim != null) {
      yard.phases().spinUntil(aim, System.nanoTime() + TimeUnit.SECONDS.toNanos(4), () -> !yard.hub().alive());
    }
  }

  /** A random moment is what this is for: nobody waits for anything. */
  private static void pause(int millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** The hub is dead; all runs but these go on logging. */
  private void trainsOn(List<KnownRun> victims) {
    List<KnownRun> living = active.stream().filter(run -> !victims.contains(run) && run.training()).toList();
    grows(counts(living), "while the hub was dead");
  }

  private static Map<KnownRun, Long> counts(List<KnownRun> runs) {
    Map<KnownRun, Long> counts = new LinkedHashMap<>();
    runs.forEach(run -> counts.put(run, run.truth().done()));
    return counts;
  }

  private static void grows(Map<KnownRun, Long> before, String when) {
    before.forEach(
        (run, count) ->
            Await.until(
                () -> "run " + run.id() + " logs " + when + "; it had " + count + " points, and has " + run.truth().done(),
                Duration.ofSeconds(5),
                () -> run.truth().done() > count || run.truth().returned()));
  }

  private void restart(List<KnownRun> victims) {
    boolean[] finished = new boolean[victims.size()];
    for (int i = 0; i < finished.length; i++) {
      finished[i] = victims.get(i).truth().returned();
    }
    HubProcess hub = yard.begin();
    yard.ready();
    long ready = System.nanoTime();
    tally.ready(TimeUnit.NANOSECONDS.toMillis(hub.age()));
    for (int i = 0; i < finished.length; i++) {
      died(victims.get(i), ready, finished[i], false);
    }
    for (KnownRun run : active) {
      Map<Known, Long> logged = run.done();
      Await.until(() -> "what was logged arrives after the restart: " + logged + " of " + run.now(yard.api()), ARRIVAL, () -> run.has(yard.api(), logged));
      tally.compared(PointCheck.check(yard.api(), run, logged));
    }
  }

  /** Its runner was killed. If it had come to its end before that, both ends are right; else it FAILED, and says of what. */
  private void died(KnownRun run, long since, boolean finished, boolean parentSeesIt) {
    Await.until(
        () -> "run " + run.id() + ", whose runner is dead, has ended: " + run.now(yard.api()),
        FAILED_WITHIN,
        () -> ended(run.state(yard.api())));
    tally.failed(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
    Await.until("its last points have arrived", ARRIVAL, () -> !run.now(yard.api()).get("draining").asBoolean());
    JsonNode now = run.now(yard.api());
    String state = now.get("state").asText();
    String reason = now.path("reason").asText();
    String expected = parentSeesIt ? "SIGKILL" : "exit status is not known";
    if (!(state.equals("FAILED") && reason.contains(expected)) && !(finished && state.equals("FINISHED"))) {
      throw new AssertionError("run " + run.id() + ", whose runner was killed, should be FAILED (" + expected + "), but is " + now);
    }
    end(run);
  }

  // --- the runs ------------------------------------------------------------------------------------------------------

  /** Checks what has ended, launches what is missing, and waits until something trains. */
  private void keepTraining() {
    settle();
    while (active.size() < ACTIVE) {
      int steps = 2_000 + random.nextInt(6_000);
      int block = 1 + random.nextInt(50);
      active.add(yard.launch(random.nextLong(), new KnownRun.Pace(steps, 300 + random.nextInt(400), block)));
    }
    Await.until(() -> "a run trains: " + yard.api().text("/api/v1/runs?limit=5"), ARRIVAL, () -> active.stream().anyMatch(KnownRun::training));
  }

  private KnownRun trainingRun() {
    List<KnownRun> training = active.stream().filter(KnownRun::training).toList();
    if (training.isEmpty()) {
      keepTraining();
      return trainingRun();
    }
    return training.get(random.nextInt(training.size()));
  }

  private void settle() {
    for (KnownRun run : List.copyOf(active)) {
      JsonNode now = run.now(yard.api());
      if (ended(now.get("state").asText()) && !now.get("draining").asBoolean()) {
        if (!now.get("state").asText().equals("FINISHED")) {
          throw new AssertionError("nobody killed the runner of run " + run.id() + ", but it is " + now);
        }
        if (run.truth().done(Known.ORDERED) != run.pace().steps()) {
          throw new AssertionError("run " + run.id() + " is FINISHED after " + run.truth().done(Known.ORDERED) + " of " + run.pace());
        }
        end(run);
      }
    }
  }

  private void end(KnownRun run) {
    tally.compared(PointCheck.checkEnded(yard.api(), run));
    JsonNode now = run.now(yard.api());
    if (now.get("lost_points").asLong() != 0) {
      throw new AssertionError("run " + run.id() + " has lost points: " + now);
    }
    active.remove(run);
    ended.add(run);
  }

  private static boolean ended(String state) {
    return !state.equals("QUEUED") && !state.equals("RUNNING");
  }

  /** Lets the last runs come to their end; then every run of the campaign is compared once more, before and after a last start. */
  private void finish() {
    Await.until(
        () -> "the last runs end: " + yard.api().text("/api/v1/runs?limit=5"),
        Duration.ofMinutes(2),
        () -> {
          settle();
          return active.isEmpty();
        });
    yard.verify();
    yard.down();
    yard.up();
    for (KnownRun run : ended) {
      tally.compared(PointCheck.checkEnded(yard.api(), run));
    }
    yard.verify();
    tally.verified();
    yard.down();
  }
}
