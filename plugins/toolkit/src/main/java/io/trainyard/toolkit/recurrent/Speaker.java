package io.trainyard.toolkit.recurrent;

import io.trainyard.toolkit.Noise;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.text.Draw;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Has a model go on with texts, token by token, or say how likely they are; its weights are those of the moment. Used by
 * one thread; holds native memory.
 */
public final class Speaker implements AutoCloseable {
  private final Operand<TFloat32> first;
  private final Trainer trainer;
  private final TInt32 token;
  private final Placeholder<TInt32> feed;
  private final Operand<TFloat32> logits;
  private final List<Op> updates;
  private final Runnable zero;
  private final int vocabulary;

  /** Built once, as often asked as wanted. */
  public Speaker(Trainer trainer, TokenModel model) {
    this.trainer = trainer;
    Ops tf = trainer.tf();
    Carried state = Carried.asked(trainer, "speaker", model.layout(), 1);
    zero = trainer.zero(state.variables());
    first = model.first(tf);
    vocabulary = (int) first.shape().get(0);
    feed = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1, 1)));
    TokenModel.Logits read = model.read(tf, feed, state.read(tf), Noise.none(), new Tape<>());
    token = TInt32.tensorOf(Shape.of(1, 1));
    logits = read.rows();
    updates = state.assign(tf, read.state());
  }

  /**
   * What follows a text, without it.
   *
   * @param temperature logits are divided by it; 0 takes the likeliest token, and the first of those alike
   */
  public int[] goOn(int[] prefix, int length, double temperature, long seed) {
    Random random = new Random(seed);
    Session.Runner reader = reader();
    float[] logits = begin();
    for (int it : prefix) {
      logits = after(reader, it);
    }
    int[] said = new int[length];
    for (int i = 0; i < length; i++) {
      said[i] = draw(logits, temperature, random);
      logits = i < length - 1 ? after(reader, said[i]) : logits;
    }
    return said;
  }

  /** How likely each token of a text is after those before it; the first one, before anything is read. */
  public double[] score(int[] text) {
    double[] probabilities = new double[text.length];
    Session.Runner reader = reader();
    float[] logits = begin();
    for (int i = 0; i < text.length; i++) {
      probabilities[i] = probabilities(logits, 1)[text[i]];
      logits = i < text.length - 1 ? after(reader, text[i]) : logits;
    }
    return probabilities;
  }

  /** Forgets what was read. */
  private float[] begin() {
    zero.run();
    return trainer.values(first);
  }

  private Session.Runner reader() {
    Session.Runner runner = trainer.session().runner().feed(feed, token).fetch(logits);
    updates.forEach(runner::addTarget);
    return runner;
  }

  private float[] after(Session.Runner runner, int read) {
    token.setInt(read, 0, 0);
    float[] logits = new float[vocabulary];
    try (Result result = runner.run()) {
      result.get(0).asRawTensor().data().asFloats().read(logits);
    }
    return logits;
  }

  /** The temperature is applied to the logits: a softmax first would round the unlikely to 0. */
  private static int draw(float[] logits, double temperature, Random random) {
    boolean likeliest = temperature == 0;
    return Draw.index(probabilities(logits, likeliest ? 1 : temperature), likeliest ? 0 : 1, random);
  }

  /** softmax(logits / temperature), in double. */
  private static double[] probabilities(float[] logits, double temperature) {
    double max = Double.NEGATIVE_INFINITY;
    for (float it : logits) {
      max = Math.max(max, it);
    }
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = Math.exp((logits[i] - max) / temperature);
      sum += probabilities[i];
    }
    double all = sum;
    return Arrays.stream(probabilities).map(it -> it / all).toArray();
  }

  @Override
  public void close() {
    token.close();
  }
}
