package io.trainyard.toolkit.recurrent;

import io.trainyard.toolkit.Noise;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Says, after each token of a text, how likely each token is to be the next. Used by the thread that builds graphs. */
public interface TokenModel {
  /** Of its recurrent layer. */
  Layout layout();

  /**
   * Reads texts.
   *
   * @param tokens shape (batch, steps)
   * @param state to go on from; zeros where none is given
   * @param tape to be asked for the gradients; one for each graph
   */
  Logits read(
      Ops tf, Operand<TInt32> tokens, @Nullable State<TFloat32> state, Noise noise, Tape<TFloat32> tape);

  /** Logits of the first token, before anything is read: shape (vocabulary). */
  Operand<TFloat32> first(Ops tf);

  /**
   * What it says.
   *
   * @param rows time first: shape (steps * batch, vocabulary)
   */
  record Logits(Operand<TFloat32> rows, State<TFloat32> state) {}
}
