package io.trainyard.tests.learning;

import io.trainyard.linreg.Linreg;
import io.trainyard.mlp.Mlp;
import io.trainyard.ngramlm.NgramLm;
import io.trainyard.rnnlm.RnnLm;
import io.trainyard.softmax.Softmax;
import io.trainyard.spi.Band;
import io.trainyard.spi.Param;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import io.trainyard.testkit.RecordingRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A task with the params of a publication, and the figures that it has to reach; any thread. Bands come from the task's
 * spec, so that what is tested here is what the chart of a run draws.
 */
record Setting(Supplier<Task> task, Map<String, Object> params, List<Figure> figures) {
  private static final String LOSS = "epoch/train_loss";
  private static final String ACCURACY = "train/accuracy";
  private static final String TEST = "test/accuracy";
  private static final Map<String, Object> BOOK = Map.of("corpus", "time-machine");

  /** All that are published. */
  static List<Setting> all() {
    return List.of(
        of(Linreg::new, Map.of("implementation", "scratch"))
            .epoch(LOSS, 3, "5.1e-5, 5.4e-5")
            .epoch("error/w", 3, "1.4e-4, 4e-4")
            .epoch("error/b", 3, "6e-4, 1e-3")
            .epoch("error/w", 5, "")
            .epoch("error/b", 5, ""),
        of(Linreg::new, Map.of("implementation", "concise")).epoch(LOSS, 3, "1.03e-4"),
        softmax("scratch"),
        softmax("fused"),
        of(Mlp::new, Map.of("implementation", "scratch"))
            .epoch(LOSS, 10, ".3845")
            .epoch(ACCURACY, 10, ".8631")
            .best(".8408", 0.83, 1),
        of(Mlp::new, Map.of("implementation", "concise"))
            .epoch(LOSS, 10, ".3820")
            .epoch(ACCURACY, 10, ".8652")
            .best(".8457", 0.83, 1),
        of(Mlp::new, Map.of("activation", "tanh")).epoch(LOSS, 10, ".394"),
        of(Mlp::new, Map.of("activation", "sigmoid")).epoch(LOSS, 10, ".501"),
        of(Mlp::new, Map.of("activation", "none")).epoch(LOSS, 10, ".427"),
        // .85 to .87, in two digits.
        of(Mlp::new, Map.of("learning_rate", 0.5)).best(".846 (5 epochs)", 0.845, 0.875),
        of(NgramLm::new, BOOK).orders("17.06", "10.00", "6.86", "5.06", "4.46", "4.33"),
        of(NgramLm::new, with(BOOK, "unit", "word")).orders("589", "310", "297"),
        of(NgramLm::new, with(with(with(BOOK, "unit", "word"), "min_freq", 2), "vocab_from", "train"))
            .orders("203", "104", "102"),
        recurrent("consecutive", 256, "1.3, 1.271"),
        recurrent("random", 256, ""),
        recurrent("random_offset", 256, ""),
        recurrent("consecutive", 512, "1.0, 1.038").with(Figure.passage("", 30)),
        of(RnnLm::new, with(BOOK, "epochs", 30)).with(Figure.lowest("heldout/perplexity", "", 6.5)));
  }

  /** With fewer epochs, and so with the figures of those alone. */
  Setting epochs(int epochs) {
    Map<String, Object> fewer = new LinkedHashMap<>(params);
    fewer.put("epochs", epochs);
    return new Setting(task, fewer, figures.stream().filter(it -> it.point() > 0 && it.point() <= epochs).toList());
  }

  RecordingRun train(long seed) throws Exception {
    return new RecordingRun(task.get()).params(params).seed(seed).train();
  }

  String name() {
    StringBuilder name = new StringBuilder(task.get().spec().id());
    params.forEach((param, value) -> name.append(' ').append(param).append('=').append(value));
    return name.toString();
  }

  private static Setting softmax(String implementation) {
    return of(Softmax::new, Map.of("implementation", implementation))
        .epoch(LOSS, 5, ".4850, .4855")
        .epoch(LOSS, 10, ".4475, .4481")
        .epoch(ACCURACY, 5, ".8376")
        .epoch(ACCURACY, 10, ".8476, .8481")
        .best(".8360, .8281", 0.82, 1);
  }

  /** The course's: the first 10,000 characters, in 500 epochs. */
  private static Setting recurrent(String sampling, int hidden, String published) {
    Map<String, Object> params = with(with(with(BOOK, "max_tokens", 10_000), "split", 1), "epochs", 500);
    return of(RnnLm::new, with(with(params, "sampling", sampling), "hidden_size", hidden))
        .epoch("train/perplexity", 500, published);
  }

  private static Setting of(Supplier<Task> task, Map<String, Object> params) {
    return new Setting(task, params, List.of());
  }

  /** Another param, in the order in which they are given. */
  private static Map<String, Object> with(Map<String, Object> params, String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(params);
    more.put(name, value);
    return more;
  }

  /** The perplexities of n-grams of order 1, 2, 3... */
  private Setting orders(String... published) {
    Setting setting = this;
    for (int n = 1; n <= published.length; n++) {
      setting = setting.point("heldout/perplexity", "order", n, published[n - 1]);
    }
    return setting;
  }

  private Setting epoch(String series, int epoch, String published) {
    return point(series, "epoch", epoch, published);
  }

  /** A figure with the band that the spec has for these params. */
  private Setting point(String series, String counted, int point, String published) {
    TaskSpec spec = task.get().spec();
    List<Band> bands =
        spec.bands().stream()
            .filter(it -> it.metric().name().equals(series) && it.point() == point && holds(it, spec))
            .toList();
    if (bands.size() != 1) {
      throw new IllegalStateException(
          name() + " has " + bands.size() + " bands for " + series + " at " + counted + " " + point);
    }
    return with(Figure.at(series, counted, point, published, bands.get(0).low(), bands.get(0).high()));
  }

  private Setting best(String published, double low, double high) {
    return with(Figure.bestOfLastThree(TEST, published, low, high));
  }

  private Setting with(Figure figure) {
    List<Figure> more = new ArrayList<>(figures);
    more.add(figure);
    return new Setting(task, params, List.copyOf(more));
  }

  private boolean holds(Band band, TaskSpec spec) {
    for (Param<?> param : spec.params()) {
      Object wanted = band.when().get(param.name());
      Object given = params.get(param.name());
      if (wanted != null && !wanted.equals(given == null ? param.fallback() : param.read(given))) {
        return false;
      }
    }
    return true;
  }
}
