package io.trainyard.rnnlm;

import io.trainyard.spi.LanguageModel;
import io.trainyard.spi.Run;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import io.trainyard.toolkit.Optimizer;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.recurrent.NextToken;
import io.trainyard.toolkit.recurrent.Sampling;
import io.trainyard.toolkit.recurrent.Sequences;
import io.trainyard.toolkit.text.Corpus;
import io.trainyard.toolkit.text.Vocab;
import java.util.List;

/** Learns to say the next character or word of a text. The thread that trains calls. */
public final class RnnLm implements Task, LanguageModel {
  @Override
  public TaskSpec spec() {
    return TaskSpec.of("rnn-lm", "Recurrent language model")
        .description("Learns to go on with a text, by characters or words, with a recurrent network: RNN, GRU or LSTM.")
        .params(Params.ALL)
        .metrics(Trainer.TRAIN_LOSS, Trainer.GRAD_NORM, Trainer.EPOCH_LOSS, Report.TRAIN_PERPLEXITY,
            Report.HELDOUT_PERPLEXITY, Trainer.CLIPPED_SHARE, Sequences.RATE)
        .best(Report.HELDOUT_PERPLEXITY)
        .bands(Published.BANDS);
  }

  @Override
  public void train(Run run) throws Exception {
    Trainer.with(run, trainer -> train(run, trainer.pace(run.get(Trainer.STEPS_PER_SECOND))));
  }

  private static void train(Run run, Trainer trainer) throws Exception {
    // Data
    Corpus corpus = Corpus.load(run);
    Vocab vocab = corpus.vocab();
    int batch = run.get(Params.BATCH_SIZE).intValue();
    Sequences data =
        new Sequences(trainer, corpus.train(), vocab.length(), Sampling.named(run.get(Params.SAMPLING)), batch,
            run.get(Params.NUM_STEPS).intValue());

    Kept.vocab(run, trainer, vocab);

    // Model
    Net model = Net.of(run, trainer, vocab.length());
    Kept.initialWeights(run, trainer, model);

    // Loss
    NextToken loss = new NextToken(trainer, model, data);

    // Optimizer
    Optimizer optimizer = Optimizer.named(run.get(Params.OPTIMIZER), run.get(Params.LEARNING_RATE));
    trainer.normOfEach().clip(run.get(Params.CLIP));

    // Loop and evaluation
    try (Report report = new Report(run, trainer, model, corpus)) {
      trainer.train(data, loss, optimizer, run.get(Params.EPOCHS).intValue(), batch, report);
    }
    Kept.weights(run, trainer, model);
  }

  @Override
  public String generate(Run run, Prompt prompt) throws Exception {
    try (Asked model = Asked.open(run)) {
      return model.generate(prompt);
    }
  }

  @Override
  public List<Factor> score(Run run, String text) throws Exception {
    try (Asked model = Asked.open(run)) {
      return model.score(text);
    }
  }
}
