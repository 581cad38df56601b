package io.trainyard.store.chunk;

/** Takes points one after the other, on the thread that asked for them. */
@FunctionalInterface
public interface PointVisitor {
  void point(long step, long time, double value);
}
