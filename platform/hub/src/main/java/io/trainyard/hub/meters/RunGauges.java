package io.trainyard.hub.meters;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.trainyard.core.model.RunRecord;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The latest values of one run. Guarded by {@link RunMeters}. */
final class RunGauges {
  /** What is shown of a run; a family's metric is {@code split/word}, or {@code word} alone. */
  enum Family {
    LOSS("loss", "trainyard_run_loss", "Latest loss of an active run, by split."),
    PERPLEXITY("perplexity", "trainyard_run_perplexity", "Latest perplexity of an active run, by split."),
    ACCURACY("accuracy", "trainyard_run_accuracy", "Latest accuracy of an active run, by split, between 0 and 1."),
    GRADIENT_NORM("norm", "trainyard_run_gradient_norm", "Latest norm of the gradient of an active run.");

    final String word;
    final String metric;
    final String help;

    Family(String word, String metric, String help) {
      this.word = word;
      this.metric = metric;
      this.help = help;
    }
  }

  private record Latest(long step, double value) {}

  private record Place(Family family, String split) {}

  Labels labels = Labels.EMPTY;
  Labels info = Labels.EMPTY;
  long step = Long.MIN_VALUE;
  /** Negative while it has not ended. */
  long endedAt = -1;

  private int attempt;
  private final Map<Family, Map<String, Latest>> values = new EnumMap<>(Family.class);

  void is(RunRecord run, String experiment) {
    String task = run.task() == null ? "" : run.task().id();
    labels = Labels.of("experiment", experiment, "task", task, "run", run.id());
    info =
        Labels.of(
            new String[] {"run", "name", "experiment", "task", "state"},
            new String[] {run.id(), run.name(), experiment, task, run.state().name()});
    if (run.attemptNumber() > attempt) {
      // A new attempt starts at a lower step: the values of the old one would hide its own.
      attempt = run.attemptNumber();
      values.clear();
      step = Long.MIN_VALUE;
    }
  }

  void value(String series, long atStep, double value, int maxSplits) {
    step = Math.max(step, atStep);
    Place place = place(series);
    if (place == null) {
      return;
    }
    Map<String, Latest> splits = values.computeIfAbsent(place.family(), family -> new LinkedHashMap<>());
    Latest before = splits.get(place.split());
    if (before == null ? splits.size() < maxSplits : atStep >= before.step()) {
      splits.put(place.split(), new Latest(atStep, value));
    }
  }

  void collect(Family family, GaugeSnapshot.Builder gauge) {
    values
        .getOrDefault(family, Map.of())
        .forEach(
            (split, latest) ->
                gauge.dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .labels(family == Family.GRADIENT_NORM ? labels : labels.add("split", split))
                        .value(latest.value())
                        .build()));
  }

  /** {@code train/loss} is the loss of split train; {@code epoch/train_loss}, over all of the data, that of split epoch. */
  private static @Nullable Place place(String series) {
    if (series.equals("grad/norm")) {
      return new Place(Family.GRADIENT_NORM, "");
    } else if (series.equals("epoch/train_loss")) {
      return new Place(Family.LOSS, "epoch");
    }
    int slash = series.lastIndexOf('/');
    String word = series.substring(slash + 1);
    for (Family family : Family.values()) {
      if (family != Family.GRADIENT_NORM && family.word.equals(word)) {
        return new Place(family, slash < 0 ? "" : series.substring(0, slash));
      }
    }
    return null;
  }
}
