package io.trainyard.tests.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.recurrent.RNN;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A recurrent language model in PyTorch, as fast as eager PyTorch trains it. One thread calls it.
 *
 * <p>Each step: PyTorch's own {@code rnn_tanh}, {@code gru} or {@code lstm} over all tokens of a batch, logits, cross
 * entropy, backward, the norm over all gradients, clipping by it, update, and the loss fetched. The state is carried on
 * and cut off, as consecutive sampling has it. What a careless program spends is spared here: all batches are tensors
 * before it begins, one-hot ones too; gradients are scaled only where they are clipped; the rest is as in {@link
 * PeerMain}. Nothing is recorded.
 */
public final class LanguageMain {
  private static final int BATCH = 32;
  private static final int STEPS = 35;
  private static final float RATE = 1;
  private static final float CLIP = 1;

  private final PtNDManager manager;
  private final Model model;
  private final List<PtNDArray> inputs = new ArrayList<>();
  private final List<PtNDArray> labels = new ArrayList<>();
  private final List<PtNDArray> weights = new ArrayList<>();
  private final Deque<PtNDArray> used = new ArrayDeque<>();
  private final PtNDArray incoming;
  private NDList state = new NDList();
  private double lastNorm;

  /**
   * What is trained.
   *
   * @param cell rnn_tanh, gru or lstm
   * @param input one_hot or embedding
   * @param init normal or uniform
   */
  private record Model(String cell, int hidden, int layers, String input, int embedding, String init) {
    int gates() {
      return cell.equals("lstm") ? 4 : cell.equals("gru") ? 3 : 1;
    }
  }

  private LanguageMain(PtNDManager manager, Tokens tokens, Model model) {
    this.manager = manager;
    this.model = model;
    incoming = (PtNDArray) manager.create(-RATE);
    int in = model.input.equals("embedding") ? model.embedding : tokens.vocabulary();
    if (model.input.equals("embedding")) {
      weight(manager.randomUniform(-0.1f, 0.1f, new Shape(tokens.vocabulary(), in)));
    }
    for (int layer = 0; layer < model.layers; layer++) {
      int gates = model.gates() * model.hidden;
      weight(drawn(new Shape(gates, in)));
      weight(drawn(new Shape(gates, model.hidden)));
      weight(model.init.equals("uniform") ? drawn(new Shape(gates)) : (PtNDArray) manager.zeros(new Shape(gates)));
      weight(model.init.equals("uniform") ? drawn(new Shape(gates)) : (PtNDArray) manager.zeros(new Shape(gates)));
      in = model.hidden;
    }
    weight(drawn(new Shape(tokens.vocabulary(), model.hidden)));
    weight((PtNDArray) manager.zeros(new Shape(tokens.vocabulary())));
    batches(tokens);
  }

  /**
   * Arguments: text, char or word, its vocabulary, cell, hidden size, layers, one_hot or embedding, size of
   * the embedding, normal or uniform, threads, epochs to warm up, epochs to measure.
   */
  public static void main(String[] args) throws Exception {
    Tokens tokens = Tokens.read(Path.of(args[0]), args[1]);
    if (tokens.vocabulary() != Integer.parseInt(args[2])) {
      throw new IllegalArgumentException(args[0] + " has a vocabulary of " + tokens.vocabulary() + ", not " + args[2]);
    }
    Model model =
        new Model(
            args[3], Integer.parseInt(args[4]), Integer.parseInt(args[5]), args[6], Integer.parseInt(args[7]), args[8]);
    Engine engine = Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(Integer.parseInt(args[9]));
    try (NDManager manager = engine.newBaseManager()) {
      LanguageMain peer = new LanguageMain((PtNDManager) manager, tokens, model);
      peer.train(Integer.parseInt(args[10]), Integer.parseInt(args[11]));
    }
  }

  /** From the first loss that is measured to the last, as the points of ours are timed. */
  private void train(int warmUp, int measured) {
    long begun = 0;
    double mean = 0;
    for (int epoch = 0; epoch < warmUp + measured; epoch++) {
      begin();
      double sum = 0;
      for (int i = 0; i < inputs.size(); i++) {
        sum += step(i);
        if (epoch == warmUp && i == 0) {
          begun = System.nanoTime();
        }
      }
      mean = sum / inputs.size();
    }
    long steps = (long) measured * inputs.size() - 1;
    System.out.println(
        "steps_per_second=" + steps / ((System.nanoTime() - begun) / 1e9) + " loss=" + mean + " norm=" + lastNorm
            + " threads=" + JniUtils.getNumThreads());
  }

  /** The loss of a batch, before its step. */
  private double step(int batch) {
    JniUtils.setGradMode(true);
    PtNDArray rows = fused(inputs.get(batch));
    int last = weights.size() - 2;
    PtNDArray logits = use(JniUtils.linear(rows, weights.get(last), weights.get(last + 1)));
    PtNDArray logs = use(JniUtils.logSoftmax(logits, 1, DataType.FLOAT32));
    PtNDArray likelihood = use(JniUtils.mean(use(JniUtils.gather(logs, labels.get(batch), 1))));
    JniUtils.backward(likelihood, incoming, false, false);
    JniUtils.setGradMode(false);
    update();
    double loss = -number(likelihood);
    NDList next = new NDList();
    state.forEach(it -> next.add(JniUtils.detachGradient((PtNDArray) it)));
    state.forEach(it -> used.push((PtNDArray) it));
    state = next;
    while (!used.isEmpty()) {
      used.pop().close();
    }
    return loss;
  }

  /** PyTorch's recurrence over all steps and layers. */
  private PtNDArray fused(PtNDArray batch) {
    boolean embedded = model.input.equals("embedding");
    PtNDArray x = embedded ? use(JniUtils.embedding(batch, weights.get(0), false)) : batch;
    int first = embedded ? 1 : 0;
    NDList params = new NDList();
    weights.subList(first, first + 4 * model.layers).forEach(params::add);
    state.forEach(it -> used.push((PtNDArray) it));
    PtNDArray hidden = (PtNDArray) state.get(0);
    NDList out =
        switch (model.cell) {
          case "rnn_tanh" ->
              JniUtils.rnn(x, hidden, params, true, model.layers, RNN.Activation.TANH, 0, true, false, false);
          case "gru" -> JniUtils.gru(x, hidden, params, true, model.layers, 0, true, false, false);
          case "lstm" -> JniUtils.lstm(x, state, params, true, model.layers, 0, true, false, false);
          default -> throw new IllegalArgumentException("there is no cell " + model.cell);
        };
    state = out.subNDList(1);
    return use(JniUtils.reshape(use((PtNDArray) out.get(0)), new long[] {STEPS * BATCH, model.hidden}));
  }

  /** Where the norm over all gradients is above the threshold, they are scaled to it. */
  private void update() {
    List<PtNDArray> gradients = new ArrayList<>();
    double squares = 0;
    for (PtNDArray weight : weights) {
      PtNDArray gradient = use(JniUtils.getGradient(weight));
      double length = number(use(JniUtils.norm(gradient, 2, new int[0], false)));
      squares += length * length;
      gradients.add(gradient);
    }
    lastNorm = Math.sqrt(squares) / RATE;
    PtNDArray factor = lastNorm > CLIP ? use((PtNDArray) manager.create((float) (CLIP / lastNorm))) : null;
    for (int i = 0; i < weights.size(); i++) {
      PtNDArray weight = weights.get(i);
      if (factor != null) {
        JniUtils.muli(gradients.get(i), factor);
      }
      JniUtils.subi(weight, gradients.get(i));
      PtNDArray fresh = JniUtils.detachGradient(weight);
      JniUtils.attachGradient(fresh, true);
      weights.set(i, fresh);
      weight.close();
    }
  }

  /** An epoch begins with a state of zeros. */
  private void begin() {
    state.forEach(NDArray::close);
    Shape shape = new Shape(model.layers, BATCH, model.hidden);
    state = new NDList(manager.zeros(shape));
    if (model.cell.equals("lstm")) {
      state.add(manager.zeros(shape));
    }
  }

  /** Rows of n/B tokens, read from left to right: the batches of every epoch, steps before rows. */
  private void batches(Tokens tokens) {
    int row = tokens.indices().length / BATCH;
    PtNDArray ones = model.input.equals("one_hot") ? (PtNDArray) manager.eye(tokens.vocabulary()) : null;
    for (int from = 0; from + STEPS < row; from += STEPS) {
      long[] in = new long[STEPS * BATCH];
      long[] out = new long[STEPS * BATCH];
      for (int t = 0; t < STEPS; t++) {
        for (int b = 0; b < BATCH; b++) {
          in[t * BATCH + b] = tokens.indices()[b * row + from + t];
          out[t * BATCH + b] = tokens.indices()[b * row + from + t + 1];
        }
      }
      PtNDArray numbers = (PtNDArray) manager.create(in, new Shape(STEPS, BATCH));
      inputs.add(ones == null ? numbers : JniUtils.embedding(numbers, ones, false));
      labels.add((PtNDArray) manager.create(out, new Shape(STEPS * BATCH, 1)));
    }
  }

  private PtNDArray drawn(Shape shape) {
    float bound = (float) (1 / Math.sqrt(model.hidden));
    return (PtNDArray)
        (model.init.equals("uniform")
            ? manager.randomUniform(-bound, bound, shape)
            : manager.randomNormal(0, 0.01f, shape, DataType.FLOAT32));
  }

  private void weight(NDArray initial) {
    JniUtils.attachGradient((PtNDArray) initial, true);
    weights.add((PtNDArray) initial);
  }

  private PtNDArray use(PtNDArray array) {
    used.push(array);
    return array;
  }

  private static double number(PtNDArray scalar) {
    return JniUtils.getByteBuffer(scalar, false).order(ByteOrder.nativeOrder()).getFloat(0);
  }
}
