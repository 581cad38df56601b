package io.trainyard.tests.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Softmax regression or the perceptron 784-256-10 in PyTorch, as fast as eager PyTorch trains it. One thread calls it.
 *
 * <p>Each step: rows of a tensor that is there already, forward, cross entropy, backward, update, and the loss (and the
 * gradient's norm) fetched. It calls DJL's layer over PyTorch's functions and not DJL's trainer, which does more; and
 * what costs time in a careless program is spared here: the pictures are numbers already, the rows of an epoch are one
 * tensor, the gradients are new each step, so that none is set to zero and added to. DJL has neither {@code add_} with
 * a factor nor PyTorch's fused cross entropy; so the backward pass begins with minus the learning rate, and an update
 * is one subtraction. Nothing is recorded: what ours has to do besides, this one has not.
 */
public final class PeerMain {
  private static final int BATCH = 256;
  private static final int HIDDEN = 256;
  private static final float RATE = 0.1f;

  private final boolean norm;
  private final NDManager manager;
  private final PtNDArray pictures;
  private final PtNDArray labels;
  private final PtNDArray incoming;
  private final List<PtNDArray> weights = new ArrayList<>();
  private final Deque<PtNDArray> used = new ArrayDeque<>();
  private double lastNorm;

  private PeerMain(NDManager manager, Pictures data, boolean hidden, boolean norm) {
    this.manager = manager;
    this.norm = norm;
    FloatBuffer pixels = direct(4L * data.pixels().length).asFloatBuffer();
    for (byte pixel : data.pixels()) {
      pixels.put((pixel & 0xff) / 255f);
    }
    pictures = (PtNDArray) manager.create(pixels.flip(), new Shape(data.count(), Pictures.PIXELS), DataType.FLOAT32);
    LongBuffer classes = direct(8L * data.count()).asLongBuffer();
    for (byte label : data.labels()) {
      classes.put(label);
    }
    labels = (PtNDArray) manager.create(classes.flip(), new Shape(data.count(), 1), DataType.INT64);
    incoming = (PtNDArray) manager.create(-RATE);
    int in = Pictures.PIXELS;
    if (hidden) {
      layer(in, HIDDEN);
      in = HIDDEN;
    }
    layer(in, Pictures.CLASSES);
  }

  /** Arguments: folder of the data, softmax or mlp, norm or plain, threads, epochs to warm up, epochs to measure. */
  public static void main(String[] args) throws Exception {
    Pictures data = Pictures.read(Path.of(args[0]));
    Engine engine = Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(Integer.parseInt(args[3]));
    try (NDManager manager = engine.newBaseManager()) {
      PeerMain peer = new PeerMain(manager, data, args[1].equals("mlp"), args[2].equals("norm"));
      peer.train(data.count(), Integer.parseInt(args[4]), Integer.parseInt(args[5]));
    }
  }

  /** From the first loss of an epoch to its last, as the points of ours are timed. */
  private void train(int count, int warmUp, int measured) {
    Random random = new Random(7);
    long steps = 0;
    long nanos = 0;
    double mean = 0;
    for (int epoch = 0; epoch < warmUp + measured; epoch++) {
      try (PtNDArray order = order(count, random)) {
        double sum = 0;
        long begun = 0;
        for (int from = 0; from < count; from += BATCH) {
          int to = Math.min(count, from + BATCH);
          sum += step(order, from, to) * (to - from);
          if (from == 0) {
            begun = System.nanoTime();
          } else if (epoch >= warmUp) {
            steps++;
          }
        }
        nanos += epoch >= warmUp ? System.nanoTime() - begun : 0;
        mean = sum / count;
      }
    }
    System.out.println(
        "steps_per_second=" + steps / (nanos / 1e9) + " loss=" + mean + " norm=" + lastNorm + " threads="
            + JniUtils.getNumThreads());
  }

  /** The loss of a batch, before its step. */
  private double step(PtNDArray order, int from, int to) {
    PtNDArray rows = use(JniUtils.index(order, new long[] {from}, new long[] {to}, new long[] {1}, ptManager()));
    JniUtils.setGradMode(true);
    PtNDArray x = use(JniUtils.embedding(rows, pictures, false));
    PtNDArray y = use(JniUtils.embedding(rows, labels, false));
    for (int i = 0; i < weights.size(); i += 2) {
      x = use(JniUtils.linear(x, weights.get(i), weights.get(i + 1)));
      if (i + 2 < weights.size()) {
        x = use(JniUtils.relu(x));
      }
    }
    PtNDArray logs = use(JniUtils.logSoftmax(x, 1, DataType.FLOAT32));
    PtNDArray likelihood = use(JniUtils.mean(use(JniUtils.gather(logs, y, 1))));
    JniUtils.backward(likelihood, incoming, false, false);
    JniUtils.setGradMode(false);
    double squares = 0;
    for (int i = 0; i < weights.size(); i++) {
      PtNDArray weight = weights.get(i);
      PtNDArray gradient = use(JniUtils.getGradient(weight));
      if (norm) {
        double length = number(use(JniUtils.norm(gradient, 2, new int[0], false)));
        squares += length * length;
      }
      JniUtils.subi(weight, gradient);
      PtNDArray fresh = JniUtils.detachGradient(weight);
      JniUtils.attachGradient(fresh, true);
      weights.set(i, fresh);
      weight.close();
    }
    lastNorm = Math.sqrt(squares) / RATE;
    double loss = -number(likelihood);
    while (!used.isEmpty()) {
      used.pop().close();
    }
    return loss;
  }

  private PtNDArray use(PtNDArray array) {
    used.push(array);
    return array;
  }

  private static double number(PtNDArray scalar) {
    return JniUtils.getByteBuffer(scalar, false).order(ByteOrder.nativeOrder()).getFloat(0);
  }

  private void layer(int in, int out) {
    weights.add((PtNDArray) manager.randomNormal(0, 0.01f, new Shape(out, in), DataType.FLOAT32));
    weights.add((PtNDArray) manager.zeros(new Shape(out)));
    weights.subList(weights.size() - 2, weights.size()).forEach(it -> JniUtils.attachGradient(it, true));
  }

  private PtNDArray order(int count, Random random) {
    long[] rows = new long[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      rows[i] = rows[j];
      rows[j] = i;
    }
    return (PtNDArray) manager.create(rows);
  }

  private PtNDManager ptManager() {
    return (PtNDManager) manager;
  }

  private static ByteBuffer direct(long bytes) {
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
  }
}
