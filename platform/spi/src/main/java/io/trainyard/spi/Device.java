package io.trainyard.spi;

/**
 * Where a run computes.
 *
 * @param kind {@code CPU} or {@code GPU}
 * @param index which GPU; 0 for the CPU
 */
public record Device(Kind kind, int index) {
  /** The kinds of device that TensorFlow Java knows. */
  public enum Kind {
    CPU,
    GPU
  }

  public static final Device CPU = new Device(Kind.CPU, 0);

  /** TensorFlow's name for it: {@code /device:CPU:0}. */
  public String tensorflowName() {
    return "/device:" + kind + ":" + index;
  }
}
