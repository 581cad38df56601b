package io.trainyard.rnnlm;

import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.Param;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.text.Corpora;
import java.util.List;

/** What the task takes, beside the params that all tasks on texts share; constants. */
final class Params {
  static final Param.Choice SAMPLING =
      Param.choice(
          "sampling",
          "how an epoch cuts the text: rows read from left to right, the state carried on; pieces at fixed starts,"
              + " shuffled; or pieces from a random offset on, shuffled",
          "consecutive",
          "random",
          "random_offset");
  static final Param.Int BATCH_SIZE = Param.integer("batch_size", 32, "pieces of text in a step").between(1, 10_000);
  static final Param.Int NUM_STEPS = Param.integer("num_steps", 35, "tokens in a piece").between(1, 1_000);
  static final Param.Choice CELL =
      Param.choice("cell", "what computes the state", "rnn_tanh", "rnn_relu", "gru", "lstm");
  static final Param.Int HIDDEN_SIZE = Param.integer("hidden_size", 256, "numbers in a state").between(1, 8192);
  static final Param.Int NUM_LAYERS = Param.integer("num_layers", 1, "recurrent layers").between(1, 16);
  static final Param.Flag BIDIRECTIONAL =
      Param.flag("bidirectional", false, "reads from both ends; such a model sees what it is to predict");
  static final Param.Choice INPUT =
      Param.choice("input", "a token as a vector with a single one, or as a row that is learned", "one_hot", "embedding");
  static final Param.Int EMBEDDING_SIZE =
      Param.integer("embedding_size", 128, "numbers in such a row").between(1, 8192);
  static final Param.Choice IMPLEMENTATION =
      Param.choice(
          "implementation", "the toolkit's layer, or explicit products of matrices, step by step", "concise", "scratch");
  static final Param.Choice INIT =
      Param.choice(
          "init",
          "weights: normal with deviation 0.01 as in the course, or uniform up to 1/sqrt(hidden_size) as in PyTorch",
          "normal",
          "uniform");
  static final Param.Choice OPTIMIZER = Param.choice("optimizer", "how a step is made", "sgd", "momentum", "adam");
  static final Param.Real LEARNING_RATE = Param.real("learning_rate", 1, "size of a step").above(0);
  static final Param.Real CLIP =
      Param.real("clip", 1, "the largest norm over all gradients; 0 does not clip").atLeast(0);
  static final Param.Real DROPOUT =
      Param.real("dropout", 0, "share of the values left out between layers and before the output").between(0, 0.95);
  static final Param.Int EPOCHS = Param.integer("epochs", 30, "passes over the text").between(1, 1_000_000);
  static final Param.Int PATIENCE =
      Param.integer("patience", 0, "ends after so many epochs without a better held-out perplexity; 0 never")
          .between(0, 1_000_000);
  static final Param.Many<String> PREFIXES =
      Param.list(Param.text("prefixes", "", "texts that the model goes on with"), List.of("time traveller"))
          .size(0, 20);
  static final Param.Int SAMPLE_EVERY =
      Param.integer("sample_every", 10, "epochs between two samples of each prefix; 0 for none").between(0, 1_000_000);
  static final Param.Int SAMPLE_LENGTH = Param.integer("sample_length", 50, "tokens of a sample").between(1, 10_000);
  static final Param.Real TEMPERATURE =
      Param.real("temperature", 0, "of the samples: logits are divided by it; 0 takes the likeliest").between(0, 100);
  static final Param.Choice EXPORT_WEIGHTS =
      Param.choice(
          "export_weights", "keeps the weights at the end by PyTorch's names, as artifacts", "none", "npz", "json", "both");
  static final Param.Maybe<ArtifactRef> INITIAL_WEIGHTS =
      Param.optional(Param.artifact("initial_weights", "weights to begin with: what export_weights has kept"));

  static final Param<?>[] ALL =
      Corpora.params(
          SAMPLING, BATCH_SIZE, NUM_STEPS, CELL, HIDDEN_SIZE, NUM_LAYERS, BIDIRECTIONAL, INPUT, EMBEDDING_SIZE,
          IMPLEMENTATION, INIT, OPTIMIZER, LEARNING_RATE, CLIP, DROPOUT, EPOCHS, PATIENCE, PREFIXES, SAMPLE_EVERY,
          SAMPLE_LENGTH, TEMPERATURE, EXPORT_WEIGHTS, INITIAL_WEIGHTS, Trainer.STEPS_PER_SECOND);

  private Params() {}
}
