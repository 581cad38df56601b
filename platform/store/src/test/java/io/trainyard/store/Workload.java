package io.trainyard.store;

import static io.trainyard.store.Fixture.batch;
import static io.trainyard.store.Fixture.column;
import static io.trainyard.store.Fixture.id;
import static io.trainyard.store.Fixture.join;
import static io.trainyard.store.Fixture.run;

import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.IdempotencyKey;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * A scripted client of a store, and what it may expect to find after any end: everything that was acknowledged, of the
 * rest each change whole or not at all, nothing twice. Three runs: A ships sequenced batches, B unsequenced ones out of
 * order, C is edited, D fails and is resumed, again and again; experiments are made with keys.
 */
final class Workload {
  static final String A = id(0xa);
  static final String B = id(0xb);
  static final String C = id(0xc);
  static final String D = id(0xd);
  private static final int SIZE = 5;

  private final int rounds;
  private int sentA;
  private int ackedA;
  private int sentB;
  private final List<Integer> ackedB = new ArrayList<>();
  private int sentC;
  private int ackedC;
  private int sentExperiments;
  private int ackedExperiments;
  private long ackedD;
  private boolean created;

  Workload(int rounds) {
    this.rounds = rounds;
  }

  /** Runs until it is through or the store fails. Whether it came through. */
  boolean drive(TrainyardStore store) {
    try {
      long fenceA = fence(store, A);
      long fenceB = fence(store, B);
      fence(store, C);
      if (join(store.run(D)).isEmpty()) {
        join(store.apply(new Change.CreateRun(run(D, RunState.QUEUED))));
      }
      created = true;
      goOn(store);
      for (int round = 0; round < rounds; round++) {
        List<Runnable> acks = new ArrayList<>();
        List<CompletionStage<Applied>> stages = new ArrayList<>();
        // Several at once, so that groups of records are torn, too.
        for (int i = 0; i < 2; i++) {
          int a = sentA++;
          stages.add(store.apply(new Change.AppendPoints(batchA(fenceA, a))));
          acks.add(() -> ackedA = a + 1);
          int b = sentB++;
          stages.add(store.apply(new Change.AppendPoints(batchB(fenceB, b))));
          acks.add(() -> ackedB.add(b));
        }
        int c = ++sentC;
        stages.add(store.apply(new Change.EditRun(C, null, null, Map.of("n", "" + c))));
        acks.add(() -> ackedC = c);
        if (round % 4 == 0) {
          int e = ++sentExperiments;
          stages.add(
              store.apply(new Change.CreateExperiment("e" + e, Map.of(), e), new IdempotencyKey("key" + e, "f" + e)));
          acks.add(() -> ackedExperiments = e);
        }
        for (int i = 0; i < stages.size(); i++) {
          join(stages.get(i));
          acks.get(i).run();
        }
        live(store, round);
        live(store, round);
      }
      return true;
    } catch (StoreException powerLost) {
      return false;
    }
  }

  /** The next thing that happens to D: it starts, logs twice, fails, is resumed three steps before its end. */
  private void live(TrainyardStore store, int round) {
    RunRecord run = join(store.run(D)).orElseThrow();
    Change next;
    if (run.state() == RunState.QUEUED) {
      Attempt before = run.attempt();
      Long from = null;
      if (before != null) {
        from = Math.max(0, first(before) + join(store.nextSeq(D, before.number())) - 3);
      }
      next = new Change.StartAttempt(D, "local", round, from);
    } else if (run.state().ended()) {
      next = new Change.Resume(D, "checkpoints/last.npz", round);
    } else {
      Attempt attempt = java.util.Objects.requireNonNull(run.attempt());
      long seq = join(store.nextSeq(D, attempt.number()));
      next =
          seq >= 2 * SIZE
              ? new Change.EndAttempt(D, attempt.number(), attempt.fence(), RunState.FAILED, "power", round, false, 0)
              : new Change.AppendPoints(batchD(attempt, seq));
    }
    ackedD = java.util.Objects.requireNonNull(join(store.apply(next)).run()).version();
  }

  private static long first(Attempt attempt) {
    return attempt.fromStep() == null ? 0 : attempt.fromStep();
  }

  private static MetricBatch batchD(Attempt attempt, long seq) {
    long[] steps = new long[SIZE];
    double[] values = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      steps[i] = first(attempt) + seq + i;
      values[i] = valueD(steps[i], attempt.number());
    }
    MetricBatch.Column column = new MetricBatch.Column("w", steps, new long[SIZE], values);
    return new MetricBatch(D, attempt.number(), attempt.fence(), seq, seq + SIZE, List.of(column));
  }

  private static double valueD(long step, int attempt) {
    return attempt * 1_000 - step;
  }

  /** As a client does after a restart: from where the store says. */
  private void goOn(TrainyardStore store) {
    sentA = (int) (join(store.nextSeq(A, 1)) / SIZE);
    sentC = Integer.parseInt(join(store.run(C)).orElseThrow().tags().getOrDefault("n", "0"));
    sentExperiments = join(store.experiments(false)).size() - 1;
  }

  private static long fence(TrainyardStore store, String id) {
    Optional<RunRecord> known = join(store.run(id));
    RunRecord made =
        known.orElseGet(
            () -> java.util.Objects.requireNonNull(join(store.apply(new Change.CreateRun(run(id,
                RunState.RUNNING)))).run()));
    return made.attempts().get(0).fence();
  }

  private static MetricBatch batchA(long fence, int number) {
    long from = (long) number * SIZE;
    return batch(A, fence, from, from + SIZE, column("x", from, SIZE), column("y", -from - SIZE, SIZE));
  }

  /** Every third batch comes late: its steps lie before those of the two before it. */
  private static MetricBatch batchB(long fence, int number) {
    return batch(B, fence, -1, -1, column("z", (long) place(number) * SIZE, SIZE));
  }

  private static int place(int number) {
    int inThree = number % 3;
    return number - inThree + (inThree == 2 ? 0 : inThree + 1);
  }

  /** What is wrong with the store, as sentences; empty when it holds what it must. */
  List<String> check(TrainyardStore store) {
    List<String> wrong = new ArrayList<>(store.status().damage());
    checkA(store, wrong);
    checkB(store, wrong);
    checkC(store, wrong);
    checkD(store, wrong);
    checkExperiments(store, wrong);
    return wrong;
  }

  private void checkA(TrainyardStore store, List<String> wrong) {
    if (join(store.run(A)).isEmpty()) {
      if (created) {
        wrong.add("run A is gone");
      }
      return;
    }
    long next = join(store.nextSeq(A, 1));
    if (next % SIZE != 0 || next < (long) ackedA * SIZE || next > (long) sentA * SIZE) {
      wrong.add("A goes on at " + next + ", acknowledged " + ackedA + " and sent " + sentA + " batches of " + SIZE);
    }
    long[] steps = steps(store, A, "x", wrong);
    if (steps.length != next) {
      wrong.add("A has " + steps.length + " points of x instead of " + next);
    }
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] != i) {
        wrong.add("A has step " + steps[i] + " at place " + i);
        break;
      }
    }
    if (steps(store, A, "y", wrong).length != next) {
      wrong.add("A has another number of points of y: a batch is there in part");
    }
  }

  private void checkB(TrainyardStore store, List<String> wrong) {
    if (join(store.run(B)).isEmpty()) {
      if (created) {
        wrong.add("run B is gone");
      }
      return;
    }
    long[] steps = steps(store, B, "z", wrong);
    int[] found = new int[sentB];
    for (long step : steps) {
      for (int number = 0; number < sentB; number++) {
        if (place(number) == step / SIZE) {
          found[number]++;
        }
      }
    }
    for (int number = 0; number < sentB; number++) {
      if (found[number] != SIZE && (found[number] != 0 || ackedB.contains(number))) {
        wrong.add("B has " + found[number] + " points of batch " + number + (ackedB.contains(number)
            ? ", which was acknowledged" : ""));
      }
    }
  }

  private void checkC(TrainyardStore store, List<String> wrong) {
    Optional<RunRecord> run = join(store.run(C));
    if (run.isEmpty()) {
      if (created) {
        wrong.add("run C is gone");
      }
      return;
    }
    int n = Integer.parseInt(run.get().tags().getOrDefault("n", "0"));
    if (n < ackedC || n > sentC) {
      wrong.add("C says " + n + ", acknowledged was " + ackedC + ", sent " + sentC);
    }
    if (run.get().version() != n + 1) {
      wrong.add("C has version " + run.get().version() + " after " + n + " edits");
    }
  }

  /** The curve of D is joined from the attempts: of each step there is the latest one's value. */
  private void checkD(TrainyardStore store, List<String> wrong) {
    Optional<RunRecord> found = join(store.run(D));
    if (found.isEmpty()) {
      if (created) {
        wrong.add("run D is gone");
      }
      return;
    }
    RunRecord run = found.get();
    if (run.version() < ackedD) {
      wrong.add("D has version " + run.version() + ", acknowledged was " + ackedD);
    }
    if (run.state() == RunState.QUEUED && run.attempt() != null && run.resumeFrom() == null) {
      wrong.add("D has forgotten where it goes on");
    }
    TreeMap<Long, Double> expected = new TreeMap<>();
    for (Attempt attempt : run.attempts()) {
      expected.tailMap(first(attempt), true).clear();
      long logged = join(store.nextSeq(D, attempt.number()));
      for (long step = first(attempt); step < first(attempt) + logged; step++) {
        expected.put(step, valueD(step, attempt.number()));
      }
    }
    if (expected.isEmpty()) {
      return;
    }
    SeriesData.Raw read = Fixture.points(store, D, "w");
    TreeMap<Long, Double> joined = new TreeMap<>();
    for (int i = 0; i < read.steps().length; i++) {
      joined.put(read.steps()[i], read.values()[i]);
    }
    if (!joined.equals(expected) || read.count() != expected.size()) {
      wrong.add("the curve of D is " + joined + " instead of " + expected);
    }
    SeriesSummary summary = Fixture.summary(store, D, "w");
    if (summary.count() != expected.size()
        || summary.lastStep() != expected.lastKey()
        || summary.last() != expected.lastEntry().getValue()
        || summary.max() != Collections.max(expected.values())
        || summary.min() != Collections.min(expected.values())) {
      wrong.add("the summary of D is " + summary + " for " + expected);
    }
  }

  private void checkExperiments(TrainyardStore store, List<String> wrong) {
    int known = join(store.experiments(false)).size() - 1;
    if (known < ackedExperiments || known > sentExperiments) {
      wrong.add("there are " + known + " experiments, acknowledged were " + ackedExperiments + ", sent "
          + sentExperiments);
    }
    for (int e = 1; e <= ackedExperiments; e++) {
      Applied again = join(store.apply(new Change.CreateExperiment("e" + e, Map.of(), e), new IdempotencyKey("key" + e,
          "f" + e)));
      if (!again.replayed() || again.experiment() == null || !again.experiment().name().equals("e" + e)) {
        wrong.add("key" + e + " is forgotten");
      }
    }
  }

  private static long[] steps(TrainyardStore store, String run, String series, List<String> wrong) {
    List<SeriesSummary> known = join(store.series(run));
    SeriesSummary summary = known.stream().filter(each -> each.name().equals(series)).findFirst().orElse(null);
    if (summary == null) {
      return new long[0];
    }
    SeriesData.Raw read =
        (SeriesData.Raw) join(store.points(new PointsQuery(run, series, null, Long.MIN_VALUE, Long.MAX_VALUE,
            1_000_000)));
    if (read.count() != summary.count()) {
      wrong.add(run + " has " + read.count() + " points of " + series + ", its summary says " + summary.count());
    }
    for (int i = 0; i < read.steps().length; i++) {
      if (read.values()[i] != Fixture.value(read.steps()[i])) {
        wrong.add(run + " has a wrong value at step " + read.steps()[i]);
        break;
      }
    }
    double max = Arrays.stream(read.values()).max().orElse(Double.NaN);
    if (Double.compare(max, summary.max()) != 0 && read.count() > 0) {
      wrong.add(run + " has " + max + " as the highest " + series + ", its summary says " + summary.max());
    }
    return read.steps();
  }
}
