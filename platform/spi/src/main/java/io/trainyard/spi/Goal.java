package io.trainyard.spi;

/** Which way a metric is better. */
public enum Goal {
  MINIMIZE,
  MAXIMIZE,
  /** Neither: a norm, a rate. */
  NONE
}
