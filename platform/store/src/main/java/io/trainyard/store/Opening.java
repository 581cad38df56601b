package io.trainyard.store;

import io.trainyard.core.model.Experiment;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.chunk.SeriesKey;
import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskFullException;
import io.trainyard.store.journal.Damage;
import io.trainyard.store.journal.Journal;
import io.trainyard.store.journal.Recovery;
import io.trainyard.store.seal.ViewBuilder;
import io.trainyard.store.snapshot.Snapshot;
import io.trainyard.store.snapshot.Snapshots;
import io.trainyard.store.state.FrozenHead;
import io.trainyard.store.state.RunImage;
import io.trainyard.store.state.SeriesState;
import io.trainyard.store.state.State;
import io.trainyard.store.state.Tally;
import io.trainyard.store.view.View;
import io.trainyard.store.view.ViewDamaged;
import io.trainyard.store.write.Records;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a folder's state back, after a clean end or any other. Used once, on the thread that opens the store.
 *
 * <p>Snapshot, then chunks, then view, then journal: each knows only what the ones before it cannot. Recovery writes
 * nothing but repairs that can be made again (a tail cut off, a view built, a damage noted), so it may itself be killed
 * at any point.
 */
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  final State state = new State();
  final Health health = new Health();
  final List<FrozenHead> heads = new ArrayList<>();
  final View view;
  final Snapshots snapshots;
  final ChunkFiles files;
  final Journal journal;

  private final Disk disk;
  private long highestSealed;

  /** @param home where the view goes; null: in memory */
  Opening(Disk disk, @Nullable Path home, StoreOptions options) throws IOException {
    this.disk = disk;
    Format format = Format.readOrCreate(disk, options.clock().getAsLong());
    state.put(
        new Experiment(Experiment.DEFAULT_ID, Experiment.DEFAULT_NAME, format.createdAt(), false, Map.of()));
    snapshots = new Snapshots(disk);
    Snapshot snapshot = snapshots.newest();
    files =
        ChunkFiles.open(
            disk, ChunkFiles.Options.DEFAULT.withSynced(snapshot == null
                ? ChunkFiles.Position.NONE : snapshot.synced()));
    try {
      files.damage().forEach(health::damaged);
      view = new View(home);
      restoreView();
      long base = metadata(snapshot);
      series();
      journal = journal(options, snapshot == null ? -1 : snapshot.sequence(), base);
    } catch (IOException | RuntimeException failure) {
      files.close();
      throw failure;
    }
  }

  /** The last checkpoint and the chunks that came after it; from scratch if that cannot be. */
  private void restoreView() throws IOException {
    try {
      view.restore();
      ViewBuilder.catchUp(view, files, health);
    } catch (ViewDamaged unusable) {
      LOG.warn("{}", unusable.getMessage());
      ViewBuilder.rebuild(view, files, health);
    }
  }

  /** Runs, experiments and keys. Answers the change that they are as after. */
  private long metadata(@Nullable Snapshot snapshot) throws IOException {
    long snapshotted = snapshot == null ? 0 : snapshot.sequence();
    long viewed = view.sequence();
    if (snapshot != null) {
      snapshot.keys().forEach(state.keys()::put);
    }
    if (viewed >= snapshotted) {
      try {
        List<Experiment> experiments = new ArrayList<>();
        List<RunImage> runs = new ArrayList<>();
        view.forEachExperiment(experiments::add);
        view.forEachRun(runs::add);
        experiments.forEach(state::put);
        runs.forEach(state::put);
        return viewed;
      } catch (ViewDamaged damaged) {
        LOG.warn("{}", damaged.getMessage());
        ViewBuilder.rebuild(view, files, health);
      }
    }
    if (snapshot != null) {
      snapshot.damage().forEach(health::damaged);
      snapshot.experiments().forEach(state::put);
      snapshot.runs().forEach(state::put);
    }
    return snapshotted;
  }

  private void series() throws IOException {
    try {
      view.forEachSeries(this::restoreSeries);
    } catch (ViewDamaged damaged) {
      LOG.warn("{}", damaged.getMessage());
      ViewBuilder.rebuild(view, files, health);
      view.forEachSeries(this::restoreSeries);
    }
  }

  private void restoreSeries(SeriesKey key, long sealedSequence, Tally inChunks) {
    highestSealed = Math.max(highestSealed, sealedSequence);
    SeriesState series = state.expect(key.run()).series(key.attempt(), key.series());
    series.restore(inChunks, sealedSequence);
    state.addSealedPoints(inChunks.count());
  }

  private Journal journal(StoreOptions options, long snapshotted, long base) throws IOException {
    long known = Math.max(base, highestSealed);
    Records.Replay replay = new Records.Replay(state, snapshotted, base, options.sealPoints(), heads::add);
    Recovery found = Recovery.run(disk, known, replay::record);
    Quarantine quarantine = new Quarantine(disk);
    List<Damage> damage = new ArrayList<>(found.damage());
    if (found.firstSequence() > base + 1) {
      damage.add(
          new Damage("journal", 0, 0, "journal: the records " + (base + 1) + " to " + (found.firstSequence() - 1)
              + " are missing."));
    }
    if (found.lastSequence() < known) {
      damage.add(
          new Damage(
              "journal", found.lastSequence(), found.lastSequence(), "journal: it ends at record "
                  + found.lastSequence() + ", but there were records up to "
                  + known + " at least; those are missing."));
    }
    for (String run : state.unfulfilled()) {
      health.damaged("There are chunks of run " + run + ", but its own record is lost; its points are kept.");
    }
    for (Damage each : damage) {
      health.damaged(each.sentence());
      try {
        quarantine.add(each);
      } catch (DiskFullException full) {
        LOG.warn("{} is noted again when there is room", each.sentence());
      }
    }
    quarantine.sentences().forEach(health::damaged);
    if (found.cutBytes() > 0) {
      LOG.info("{} bytes at the journal's end, never acknowledged, were cut off", found.cutBytes());
    }
    state.sequence(found.nextSequence() - 1);
    return new Journal(disk, options.segmentBytes(), found.segments(), found.nextSequence());
  }
}
