package io.trainyard.rnnlm;

import io.trainyard.spi.Run;
import io.trainyard.toolkit.Noise;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.Variable;
import io.trainyard.toolkit.recurrent.Cell;
import io.trainyard.toolkit.recurrent.Initial;
import io.trainyard.toolkit.recurrent.Input;
import io.trainyard.toolkit.recurrent.Layout;
import io.trainyard.toolkit.recurrent.Output;
import io.trainyard.toolkit.recurrent.RecurrentLayer;
import io.trainyard.toolkit.recurrent.State;
import io.trainyard.toolkit.recurrent.Tape;
import io.trainyard.toolkit.recurrent.TokenModel;
import io.trainyard.toolkit.recurrent.WeightFiles;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The model: from a token through recurrent layers to a logit for each token. The thread that trains calls. */
final class Net implements TokenModel {
  private final RecurrentLayer layer;
  private final @Nullable Variable embedding;
  private final Variable weight;
  private final Variable bias;
  private final boolean scratch;
  private final double dropout;
  private final int vocabulary;

  private Net(
      RecurrentLayer layer, @Nullable Variable embedding, Variable weight, Variable bias, boolean scratch, double dropout) {
    this.layer = layer;
    this.embedding = embedding;
    this.weight = weight;
    this.bias = bias;
    this.scratch = scratch;
    this.dropout = dropout;
    this.vocabulary = (int) bias.shape().get(0);
  }

  /** As the params say. */
  static Net of(Run run, Trainer trainer, int vocabulary) {
    int hidden = run.get(Params.HIDDEN_SIZE).intValue();
    boolean embedded = run.get(Params.INPUT).equals("embedding");
    int input = embedded ? run.get(Params.EMBEDDING_SIZE).intValue() : vocabulary;
    Layout layout =
        new Layout(
            Cell.named(run.get(Params.CELL)),
            input,
            hidden,
            run.get(Params.NUM_LAYERS).intValue(),
            run.get(Params.BIDIRECTIONAL));
    Initial initial = run.get(Params.INIT).equals("normal") ? Initial.normal(0.01) : Initial.uniform(hidden);
    double dropout = run.get(Params.DROPOUT);
    Variable embedding =
        embedded ? trainer.variable("embedding", trainer.uniform(Shape.of(vocabulary, input), 0.1)) : null;
    RecurrentLayer layer = new RecurrentLayer(trainer, layout, dropout, initial);
    Variable weight = trainer.variable("w_hq", initial.matrix(trainer, Shape.of(layout.output(), vocabulary)));
    Variable bias = trainer.variable("b_q", trainer.zeros(vocabulary));
    return new Net(layer, embedding, weight, bias, run.get(Params.IMPLEMENTATION).equals("scratch"), dropout);
  }

  @Override
  public Layout layout() {
    return layer.layout();
  }

  @Override
  public Logits read(
      Ops tf, Operand<TInt32> tokens, @Nullable State<TFloat32> state, Noise noise, Tape<TFloat32> tape) {
    Output<TFloat32> output =
        scratch
            ? Scratch.read(tf, layer, Scratch.vectors(tf, tokens, vocabulary, embedding), state, noise, dropout)
            : layer.read(tf, input(tf, tokens), state, noise, tape);
    Operand<TFloat32> rows = noise.dropout(tf, output.rows(), dropout);
    return new Logits(tf.math.add(tf.linalg.matMul(rows, weight.read(tf)), bias.read(tf)), output.state());
  }

  /** Its weights by PyTorch's names. */
  WeightFiles files(Trainer trainer) {
    WeightFiles files = new WeightFiles(trainer);
    if (embedding != null) {
      files.add("encoder.weight", embedding);
    }
    return files.layer("rnn.", layer).transposed("decoder.weight", weight).add("decoder.bias", bias);
  }

  private Input<TFloat32> input(Ops tf, Operand<TInt32> tokens) {
    return embedding == null ? Input.oneHot(tf, tokens) : Input.embedded(tf, tokens, embedding.read(tf));
  }

  @Override
  public Operand<TFloat32> first(Ops tf) {
    // What the output layer makes of a state of zeros.
    return bias.read(tf);
  }
}
