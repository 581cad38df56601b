package io.trainyard.spi;

/** The version of this interface, which a plugin's manifest names as {@code Trainyard-Spi}. */
public final class Spi {
  /** Grows when plugins have to be rebuilt. */
  public static final int VERSION = 1;

  /** The manifest attribute that is read before any class of a JAR is loaded. */
  public static final String MANIFEST_ATTRIBUTE = "Trainyard-Spi";

  private Spi() {}
}
