package io.trainyard.tests.crash;

import io.trainyard.core.model.RunState;
import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.RunQuery;
import io.trainyard.core.store.RunRow;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.StoreException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What a store answers to every question that its port has, in a form that can be compared. Blocks; one thread. */
final class StoreAnswers {
  private static final Duration REBUILT_WITHIN = Duration.ofSeconds(10);
  private static final int ALL = Integer.MAX_VALUE;

  /** By question: a text, the raw points, or the exception that says what is damaged. */
  private final Map<String, Object> answers = new LinkedHashMap<>();

  /** Asks of each run and series that are known to exist. */
  StoreAnswers(RunStore store, Map<String, List<String>> seriesOfRuns) {
    for (boolean deleted : new boolean[] {false, true}) {
      ask("experiments deleted=" + deleted, () -> store.experiments(deleted));
    }
    for (String sort : new String[] {"created_at", "name", "state", "duration", "metric:a", "param:x"}) {
      ask("runs by " + sort, () -> store.runs(new RunQuery(null, Set.of(), null, null, sort, true, 0, ALL, false)).thenApply(page -> text(page.rows()) + page.total()));
    }
    ask("runs found", () -> store.runs(new RunQuery(null, Set.of(RunState.FINISHED), null, "run", "name", false, 0, 2, false)).thenApply(page -> text(page.rows()) + page.total()));
    seriesOfRuns.forEach(
        (run, names) -> {
          ask(run, () -> store.run(run));
          ask(run + " series", () -> store.series(run));
          ask(run + " next", () -> store.nextSeq(run, 1));
          for (String name : names) {
            ask(run + " " + name + " all", () -> store.points(new PointsQuery(run, name, null, Long.MIN_VALUE, Long.MAX_VALUE, ALL)));
            ask(run + " " + name + " some", () -> store.points(new PointsQuery(run, name, 1, 50, 90, ALL)));
            ask(run + " " + name + " buckets", () -> store.points(new PointsQuery(run, name, null, -100, 100_000, 20)));
          }
        });
  }

  private void ask(String question, Supplier<CompletionStage<?>> asked) {
    Object[] answer = new Object[1];
    // "Ask again" is an honest answer, for as long as it does not stay the only one.
    Await.within(
        REBUILT_WITHIN,
        () -> {
          answer[0] = once(asked);
          return !(answer[0] instanceof StoreException.Damaged damaged && damaged.getMessage().contains("ask again"));
        });
    answers.put(question, answer[0]);
  }

  private static Object once(Supplier<CompletionStage<?>> asked) {
    try {
      Object answer = asked.get().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
      return answer instanceof SeriesData data ? points(data) : String.valueOf(answer);
    } catch (CompletionException failure) {
      return failure.getCause() instanceof StoreException refusal ? refusal : failure;
    }
  }

  private static String text(List<RunRow> rows) {
    StringBuilder text = new StringBuilder();
    for (RunRow row : rows) {
      text.append(row.run()).append(row.series().stream().map(SeriesSummary::toString).toList()).append('\n');
    }
    return text.toString();
  }

  private static Object points(SeriesData data) {
    if (data instanceof SeriesData.Raw raw) {
      return new Raw(raw.steps(), raw.times(), Arrays.stream(raw.values()).mapToLong(Double::doubleToRawLongBits).toArray());
    }
    return new Bucketed((SeriesData.Buckets) data);
  }

  /**
   * Buckets. Where they begin depends on what of the late points is merged by then; what each says of its points does
   * not, and that is what is compared.
   */
  private record Bucketed(SeriesData.Buckets buckets) {
    /** Whether each says of these points what is so, and none is left out. */
    boolean isExactFor(Raw raw) {
      int at = 0;
      for (int i = 0; i < buckets.counts().length; i++) {
        int end = at;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        int finite = 0;
        long nan = 0;
        long posInf = 0;
        long negInf = 0;
        for (; end < raw.steps.length && raw.steps[end] <= buckets.lastStep()[i]; end++) {
          double value = raw.value(end);
          if (Double.isFinite(value)) {
            min = Math.min(min, value);
            max = Math.max(max, value);
            sum += value;
            finite++;
          }
          nan += Double.isNaN(value) ? 1 : 0;
          posInf += value == Double.POSITIVE_INFINITY ? 1 : 0;
          negInf += value == Double.NEGATIVE_INFINITY ? 1 : 0;
        }
        boolean ends =
            end > at
                && buckets.counts()[i] == end - at
                && buckets.firstStep()[i] == raw.steps[at]
                && buckets.lastStep()[i] == raw.steps[end - 1]
                && buckets.firstTime()[i] == raw.times[at]
                && buckets.lastTime()[i] == raw.times[end - 1]
                && same(buckets.first()[i], raw.value(at))
                && same(buckets.last()[i], raw.value(end - 1));
        double mean = finite == 0 ? Double.NaN : sum / finite;
        boolean numbers =
            same(buckets.min()[i], finite == 0 ? Double.NaN : min)
                && same(buckets.max()[i], finite == 0 ? Double.NaN : max)
                && (same(buckets.mean()[i], mean) || Math.abs(buckets.mean()[i] - mean) <= 1e-9 * (1 + Math.abs(mean)));
        if (!ends || !numbers || buckets.nan()[i] != nan || buckets.posInf()[i] != posInf || buckets.negInf()[i] != negInf) {
          return false;
        }
        at = end;
      }
      return at == raw.steps.length;
    }

    private static boolean same(double a, double b) {
      return Double.doubleToLongBits(a) == Double.doubleToLongBits(b);
    }
  }

  /** Points as bits. */
  private record Raw(long[] steps, long[] times, long[] bits) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Raw raw && Arrays.equals(steps, raw.steps) && Arrays.equals(times, raw.times) && Arrays.equals(bits, raw.bits);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bits);
    }

    double value(int at) {
      return Double.longBitsToDouble(bits[at]);
    }

    private Map<List<Long>, Integer> counted() {
      Map<List<Long>, Integer> counts = new HashMap<>();
      for (int i = 0; i < steps.length; i++) {
        counts.merge(List.of(steps[i], times[i], bits[i]), 1, Integer::sum);
      }
      return counts;
    }

    /** Whether each of these points is one of the others. */
    boolean isPartOf(Raw whole) {
      Map<List<Long>, Integer> there = whole.counted();
      return counted().entrySet().stream().allMatch(point -> there.getOrDefault(point.getKey(), 0) >= point.getValue());
    }
  }

  /** Fails unless every point that was stored is answered, with its bits, in its place. */
  void mustHave(FlipStore store) {
    FlipStore.seriesOfRuns()
        .forEach(
            (run, names) -> {
              for (String name : names) {
                List<long[]> logged = store.logged(run, name);
                Raw right =
                    new Raw(
                        logged.stream().mapToLong(point -> point[0]).toArray(),
                        logged.stream().mapToLong(point -> point[1]).toArray(),
                        logged.stream().mapToLong(point -> point[2]).toArray());
                if (!right.equals(answers.get(run + " " + name + " all"))) {
                  throw new AssertionError("the store that nobody touched does not answer the points of " + run + " " + name + " as they were stored");
                }
              }
            });
  }

  /** How these answers stand to the right ones. */
  enum Verdict {
    /** Every answer is the right one. */
    RIGHT,
    /** Some were refused with the name of what is damaged, all others are right. */
    REFUSED,
    /** Some lack what was lost, none has a point that was never stored. */
    LESS,
    /** There is a point that was never stored, or a refusal that names nothing. */
    WRONG
  }

  Verdict against(StoreAnswers truth, StringBuilder why) {
    Verdict worst = Verdict.RIGHT;
    for (Map.Entry<String, Object> right : truth.answers.entrySet()) {
      Object found = answers.get(right.getKey());
      String points = right.getKey().replace(" buckets", " all");
      Verdict one =
          found instanceof Bucketed buckets
              ? bucketed(buckets, answers.get(points), truth.answers.get(points))
              : one(right.getValue(), found, truth.answers.get(points));
      if (one != Verdict.RIGHT) {
        why.append("  ").append(right.getKey()).append(": ").append(one).append(' ').append(difference(found, right.getValue())).append('\n');
      }
      worst = one.compareTo(worst) > 0 ? one : worst;
    }
    return worst;
  }

  /**
   * Buckets, held against the points that the same store answers.
   *
   * @param all what the store answers to the question for all points, {@code right} what it should
   */
  private static Verdict bucketed(Bucketed buckets, Object all, Object right) {
    if (all instanceof Raw raw) {
      return buckets.isExactFor(raw) ? one(right, all, right) : Verdict.WRONG;
    }
    return Verdict.REFUSED;
  }

  /**
   * One answer.
   *
   * @param all where few points are left they are answered instead of buckets: then each must be one of these
   */
  private static Verdict one(Object right, Object found, Object all) {
    if (found.equals(right)) {
      return Verdict.RIGHT;
    }
    if (found instanceof StoreException.Damaged) {
      return Verdict.REFUSED;
    }
    if (found instanceof StoreException.NotFound || found instanceof String && !(right instanceof Raw)) {
      return Verdict.LESS;
    }
    Object whole = right instanceof Raw ? right : all;
    return found instanceof Raw some && whole instanceof Raw points && some.isPartOf(points) ? Verdict.LESS : Verdict.WRONG;
  }

  /** Both, from shortly before the first character that differs. */
  private static String difference(Object found, Object right) {
    String a = shown(found);
    String b = shown(right);
    int at = 0;
    while (at < Math.min(a.length(), b.length()) && a.charAt(at) == b.charAt(at)) {
      at++;
    }
    int from = Math.max(0, at - 40);
    return "\"" + part(a, from) + "\" instead of \"" + part(b, from) + "\"";
  }

  private static String part(String text, int from) {
    return text.substring(from, Math.min(text.length(), from + 160));
  }

  private static String shown(Object answer) {
    return answer instanceof Raw raw ? raw.steps.length + " points" : String.valueOf(answer);
  }
}
