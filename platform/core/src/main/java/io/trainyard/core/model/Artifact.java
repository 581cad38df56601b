package io.trainyard.core.model;

import org.jspecify.annotations.Nullable;

/**
 * A file that a run keeps.
 *
 * @param path where it is found again: {@code checkpoints/last.npz}
 * @param size in bytes
 * @param sha256 64 hex digits, of the content
 * @param step how far the training was
 * @param time milliseconds since 1970
 * @param attempt its number
 * @param role {@link #LAST} or {@link #BEST} of a checkpoint; null of any other file
 * @param epoch of a checkpoint, the epoch that it is in, from 1
 * @param epochDone of a checkpoint, the steps of that epoch that are done
 */
public record Artifact(
    String path,
    long size,
    String sha256,
    long step,
    long time,
    int attempt,
    @Nullable String role,
    @Nullable Long epoch,
    @Nullable Long epochDone) {

  /** The role of the newest checkpoint. */
  public static final String LAST = "last";

  /** The role of the checkpoint with the best value of the metric that judges. */
  public static final String BEST = "best";
}
