package io.trainyard.toolkit.recurrent;

import io.trainyard.toolkit.Noise;
import io.trainyard.toolkit.Objective;
import io.trainyard.toolkit.Pass;
import io.trainyard.toolkit.Trainer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The objective of a language model: the mean of -log P(the next token). Used by the thread that builds graphs.
 *
 * <p>With consecutive sampling the state after a batch is what the next batch begins with. It is read from variables, so
 * no gradient goes back beyond the batch.
 */
public final class NextToken implements Objective<Window> {
  private final TokenModel model;
  private final @Nullable Carried carried;

  /** For the training of a text as its sampling says. */
  public NextToken(Trainer trainer, TokenModel model, Sequences data) {
    this.model = model;
    this.carried =
        data.sampling() == Sampling.CONSECUTIVE
            ? Carried.trained(trainer, "state", model.layout(), data.batch())
            : null;
  }

  @Override
  public List<Operand<TFloat32>> means(Ops tf, Window batch, Noise noise) {
    return pass(tf, batch, noise).means();
  }

  @Override
  public Pass pass(Ops tf, Window batch, Noise noise) {
    Tape<TFloat32> tape = new Tape<>();
    State<TFloat32> before = carried == null ? null : carried.read(tf);
    TokenModel.Logits logits = model.read(tf, batch.inputs(), before, noise, tape);
    TokenLoss loss = TokenLoss.of(tf, logits.rows(), labels(tf, batch));
    List<Op> updates = carried == null ? List.of() : carried.assign(tf, logits.state());
    return new Pass(
        List.of(loss.mean()),
        (ops, mean, leaves) -> tape.gradients(ops, logits.rows(), loss.change(), leaves),
        updates);
  }

  /** (batch, steps) in the order of the logits: shape (steps * batch, 1). */
  static Operand<TInt32> labels(Ops tf, Window batch) {
    return Shapes.reshape(tf, Shapes.swap(tf, batch.labels()), -1, 1);
  }
}
