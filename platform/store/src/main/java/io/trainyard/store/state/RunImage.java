package io.trainyard.store.state;

import io.trainyard.core.model.RunRecord;
import java.util.HashMap;
import java.util.Map;

/**
 * A run as a change has left it: what the journal, a snapshot and the view hold of it. Immutable.
 *
 * @param marks by attempt, where its next batch must start; absent: at 0
 * @param lostBefore points that earlier attempts lost
 */
public record RunImage(RunRecord run, Map<Integer, Long> marks, long lostBefore) {
  public long nextSeq(int attempt) {
    return marks.getOrDefault(attempt, 0L);
  }

  public RunImage with(RunRecord changed) {
    return new RunImage(changed, marks, lostBefore);
  }

  public RunImage withLostBefore(long lost) {
    return new RunImage(run, marks, lost);
  }

  /** After a batch of points: one version later, and further in the attempt's spool if the batch came from one. */
  public RunImage afterPoints(int attempt, long nextSeq) {
    Map<Integer, Long> moved = marks;
    if (nextSeq >= 0) {
      moved = new HashMap<>(marks);
      moved.put(attempt, nextSeq);
    }
    return new RunImage(RunEdit.of(run).build(), moved, lostBefore);
  }
}
