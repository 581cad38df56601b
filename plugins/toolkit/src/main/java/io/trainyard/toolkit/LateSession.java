package io.trainyard.toolkit;

import io.trainyard.spi.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Session;

/**
 * A session that opens when something is asked of it: on how many threads its operations are shared out is settled then
 * for good (and for the process: TensorFlow has one pool of threads, made by the first session), and depends on the
 * model, which is not known when the first variable is made. Used by the thread that trains.
 */
final class LateSession implements AutoCloseable {
  private final Graph graph;
  private final Device device;
  private final List<Consumer<Session>> first = new ArrayList<>();
  private @Nullable Session session;

  LateSession(Graph graph, Device device) {
    this.graph = graph;
    this.device = device;
  }

  /** Does this at its opening, in the order of the calls; now, if it is open. */
  void first(Consumer<Session> work) {
    if (session == null) {
      first.add(work);
    } else {
      work.accept(session);
    }
  }

  /**
   * Opens it for a training; changes nothing if it is open.
   *
   * @param shared whether operations are shared out over the cores, as {@link LoopShape#shared} has it
   */
  void open(boolean shared) {
    if (session == null) {
      session = new Session(graph, LoopShape.config(device, shared));
      Session opened = session;
      first.forEach(it -> it.accept(opened));
      first.clear();
    }
  }

  /** The session; opened for a large model if it is not open. */
  Session get() {
    open(true);
    return session;
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
  }
}
