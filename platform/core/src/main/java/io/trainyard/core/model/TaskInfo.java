package io.trainyard.core.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task that a loaded plugin offers.
 *
 * @param unavailable why it cannot be launched here, with the way out; null when it can
 * @param ref what a run of it would be pinned to
 * @param best the metric that judges checkpoints; null when only the last one is kept
 * @param predictor the pictures that a trained model of it can be asked about; null when it cannot
 * @param languageModel whether a trained model of it goes on with texts and says how likely they are
 * @param bands what others have reached
 */
public record TaskInfo(
    String id,
    String title,
    String description,
    @Nullable String unavailable,
    TaskRef ref,
    List<ParamSpec> params,
    List<MetricInfo> metrics,
    @Nullable String best,
    @Nullable PredictorInfo predictor,
    boolean languageModel,
    List<BandInfo> bands) {

  /**
   * A metric that the task is known to log.
   *
   * @param goal MINIMIZE, MAXIMIZE or NONE
   * @param timed depends on the clock, so that no two runs have the same values
   */
  public record MetricInfo(String name, String goal, boolean timed) {}

  /** The pictures that a model takes. */
  public record PredictorInfo(int width, int height, int channels) {}

  /**
   * What others have reached with certain params.
   *
   * @param point which value of the series, from 1
   * @param when the params for which it holds, typed as the params of a run are
   */
  public record BandInfo(
      String metric, int point, double low, double high, String source, Map<String, Object> when) {
    public BandInfo {
      when = Map.copyOf(when);
    }
  }
}
