package io.trainyard.store.state;

/**
 * What became of the change that came with an idempotency key.
 *
 * @param at when, milliseconds since 1970
 * @param aboutRun whether {@code target} is a run; an experiment otherwise
 * @param target its id
 */
public record KeyEntry(String key, String fingerprint, long at, boolean aboutRun, String target) {
  /** How long a key is known. */
  public static final long LIFE_MILLIS = 24L * 3600 * 1000;
}
