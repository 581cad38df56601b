package io.trainyard.store.write;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.store.journal.Group;
import io.trainyard.store.journal.PayloadReader;
import io.trainyard.store.journal.PointsCodec;
import io.trainyard.store.journal.RecordKind;
import io.trainyard.store.state.FrozenHead;
import io.trainyard.store.state.ImageCodec;
import io.trainyard.store.state.ImageParser;
import io.trainyard.store.state.KeyEntry;
import io.trainyard.store.state.RunEntry;
import io.trainyard.store.state.RunImage;
import io.trainyard.store.state.State;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the journal's records say. They hold what changes came to, not the changes, so replay decides nothing: it puts.
 * The writer thread writes them, the opening thread replays them.
 */
public final class Records {
  private static final int NO_KEY = 0;
  private static final int KEY = 1;

  private Records() {}

  static long write(Group group, Decision decision, @Nullable KeyEntry key) {
    group.begin();
    if (key == null) {
      group.u8(NO_KEY);
    } else {
      group.u8(KEY).utf8(key.key()).utf8(key.fingerprint()).i64(key.at()).u8(key.aboutRun() ? 1 : 0).utf8(key.target());
    }
    if (decision instanceof Decision.PutRun put) {
      group.bytes(ImageCodec.write(put.image()));
      return group.end(RecordKind.RUN);
    }
    if (decision instanceof Decision.PutExperiment put) {
      group.bytes(ImageCodec.write(put.experiment()));
      return group.end(RecordKind.EXPERIMENT);
    }
    if (decision instanceof Decision.PutPoints put) {
      PointsCodec.encode(put.batch(), group);
      return group.end(RecordKind.POINTS);
    }
    return group.end(RecordKind.KEY);
  }

  static void writeClosed(Group group) {
    group.begin();
    group.u8(NO_KEY);
    group.end(RecordKind.CLOSED);
  }

  /**
   * Applies records again.
   *
   * @param keysBase the change up to which the keys are known already
   * @param base the change up to which runs and experiments are known already
   */
  public record Replay(State state, long keysBase, long base, int sealPoints, Consumer<FrozenHead> due) {
    public void record(long sequence, RecordKind kind, ByteBuffer payload) {
      PayloadReader reader = new PayloadReader(payload);
      boolean fresh = sequence > base;
      if (reader.u8() == KEY) {
        KeyEntry key = new KeyEntry(reader.utf8(), reader.utf8(), reader.i64(), reader.u8() == 1, reader.utf8());
        if (sequence > keysBase) {
          state.keys().put(key);
        }
      }
      switch (kind) {
        case RUN -> {
          if (fresh) {
            state.put(ImageParser.run(reader.bytes()));
          }
        }
        case EXPERIMENT -> {
          if (fresh) {
            Experiment experiment = ImageParser.experiment(reader.bytes());
            state.put(experiment);
          }
        }
        case POINTS -> points(PointsCodec.decode(reader), sequence, fresh);
        case KEY, CLOSED -> {
          // Nothing more is in them.
        }
      }
      state.sequence(sequence);
    }

    private void points(MetricBatch batch, long sequence, boolean fresh) {
      RunEntry entry = state.run(batch.run());
      if (entry == null) {
        throw new IllegalArgumentException("points of run " + batch.run() + ", whose own record is lost");
      }
      if (fresh) {
        RunImage before = entry.image();
        long nextSeq = batch.seq() == MetricBatch.UNSEQUENCED ? -1 : batch.nextSeq();
        entry = state.put(before.afterPoints(batch.attempt(), nextSeq));
      }
      state.append(entry, batch, sequence, sealPoints, due);
    }
  }
}
