package io.trainyard.store.write;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.store.StoreException.Conflict;
import io.trainyard.core.store.StoreException.Gap;
import io.trainyard.core.store.StoreException.NotFound;
import io.trainyard.store.state.RunImage;

/** Which batches of points are taken, dropped or refused. Only the writer thread calls. */
final class PointRules {
  /** A record of the journal is read into memory whole. */
  private static final int MOST_POINTS = 2_000_000;

  private PointRules() {}

  static Decision decide(Draft draft, MetricBatch batch) {
    RunImage image = draft.run(batch.run());
    if (image == null) {
      throw new NotFound("There is no run " + batch.run() + ".");
    }
    RunRecord run = image.run();
    Decider.requireFence(run, batch.attempt(), batch.fence());
    boolean sequenced = batch.seq() != MetricBatch.UNSEQUENCED;
    if (sequenced) {
      long expected = image.nextSeq(batch.attempt());
      if (batch.nextSeq() < batch.seq() || batch.nextSeq() == batch.seq() && batch.points() > 0) {
        throw new Conflict("A batch of " + batch.points() + " points cannot lie between " + batch.seq() + " and "
            + batch.nextSeq() + ".");
      }
      // Before the check for the end: whoever did not hear that its last batch was stored sends it again, and must hear
      // it then.
      if (batch.nextSeq() <= expected && (batch.seq() < expected || batch.points() == 0)) {
        return new Decision.Already(image, null, true);
      }
      if (batch.seq() != expected) {
        throw new Gap(
            "Attempt " + batch.attempt() + " of run " + run.id() + " is stored up to " + expected + "; a batch from "
                + batch.seq() + " to "
                + batch.nextSeq() + " does not go on there.",
            expected);
      }
    }
    if (run.state().ended() && !run.draining()) {
      throw new Conflict("Run " + run.id() + " has ended, it is " + run.state() + ", and takes no more points.");
    }
    if (batch.points() > MOST_POINTS) {
      throw new Conflict("A batch of " + batch.points() + " points is too large; send at most " + MOST_POINTS
          + " at a time.");
    }
    if (!sequenced && batch.points() == 0) {
      return new Decision.Already(image, null, false);
    }
    return new Decision.PutPoints(image.afterPoints(batch.attempt(), sequenced ? batch.nextSeq() : -1), run.version(),
        batch);
  }
}
