package io.trainyard.rnnlm;

import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.Seeds;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.Trainer.EpochEnd;
import io.trainyard.toolkit.recurrent.HeldOut;
import io.trainyard.toolkit.recurrent.Speaker;
import io.trainyard.toolkit.text.Corpus;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** After each epoch: perplexities, samples, and whether it is enough. The thread that trains calls. */
final class Report implements Consumer<EpochEnd>, AutoCloseable {
  /** exp of the mean loss over the epoch's tokens, each before its step. */
  static final Metric TRAIN_PERPLEXITY = Metric.minimize("train/perplexity");

  /** Over the whole held-out text, with the weights that the epoch ended with. */
  static final Metric HELDOUT_PERPLEXITY = Metric.minimize("heldout/perplexity");

  /** The least that any model can have, in the mean, where the text comes from a source that is known. */
  private static final Metric BOUND = Metric.of("source/perplexity");

  private static final Logger log = LoggerFactory.getLogger(Report.class);

  private final Run run;
  private final Corpus corpus;
  private final @Nullable HeldOut heldOut;
  private final @Nullable Speaker speaker;
  private final EarlyStop earlyStop;

  Report(Run run, Trainer trainer, Net model, Corpus corpus) {
    this.run = run;
    this.corpus = corpus;
    int[] text = corpus.heldout();
    int steps = run.get(Params.NUM_STEPS).intValue();
    heldOut = text.length == 0 ? null : new HeldOut(trainer, model, text, corpus.vocab().length(), steps);
    boolean both = run.get(Params.BIDIRECTIONAL);
    if (both) {
      log.warn(
          "bidirectional: this model sees the token that it is to predict, so its perplexity says nothing of how well it"
              + " predicts, and it cannot go on with a text: there are no samples");
    }
    speaker = both || run.get(Params.SAMPLE_EVERY) == 0 ? null : new Speaker(trainer, model);
    earlyStop = new EarlyStop(run.get(Params.PATIENCE).intValue());
    trainer.remember("early_stop", earlyStop.memory()).until(earlyStop::enough);
  }

  @Override
  public void accept(EpochEnd epoch) {
    // First, because it may be told to stop: then the epoch is not done, and nothing of it is logged.
    double held = heldOut == null ? Double.NaN : heldOut.perplexity();
    double loss = epoch.means()[0];
    run.log(Trainer.EPOCH_LOSS, epoch.step(), loss);
    run.log(TRAIN_PERPLEXITY, epoch.step(), Math.exp(loss));
    if (heldOut != null) {
      run.log(HELDOUT_PERPLEXITY, epoch.step(), held);
      earlyStop.after(held);
    }
    corpus.entropyRate().ifPresent(it -> run.log(BOUND, epoch.step(), Math.exp(it)));
    log.info(
        String.format(
            Locale.ROOT, "epoch %d: perplexity %.3f%s", epoch.number(), Math.exp(loss),
            heldOut == null ? "" : String.format(Locale.ROOT, ", held out %.3f", held)));
    if (speaker != null && epoch.number() % run.get(Params.SAMPLE_EVERY) == 0) {
      samples(speaker, epoch);
    }
  }

  private void samples(Speaker speaker, EpochEnd epoch) {
    List<String> prefixes = run.get(Params.PREFIXES);
    for (int i = 0; i < prefixes.size(); i++) {
      int[] said =
          speaker.goOn(
              corpus.vocab().encode(prefixes.get(i)),
              run.get(Params.SAMPLE_LENGTH).intValue(),
              run.get(Params.TEMPERATURE),
              Seeds.of(run.seed(), "sample/" + i, epoch.number()));
      String text = prefixes.get(i) + Asked.behind(corpus.vocab(), corpus.vocab().decode(said));
      run.show("sample/" + (i + 1), epoch.step(), new Exhibit.Text(text));
      log.info("{}", text);
    }
  }

  @Override
  public void close() {
    if (heldOut != null) {
      heldOut.close();
    }
    if (speaker != null) {
      speaker.close();
    }
  }
}
