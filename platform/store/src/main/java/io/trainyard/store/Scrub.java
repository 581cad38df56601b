package io.trainyard.store;

import io.trainyard.core.store.ScrubReport;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.disk.Disk;
import io.trainyard.store.journal.Damage;
import io.trainyard.store.journal.Journal;
import io.trainyard.store.journal.JournalScrub;
import io.trainyard.store.journal.Segment;
import io.trainyard.store.snapshot.Snapshot;
import io.trainyard.store.snapshot.Snapshots;
import io.trainyard.store.view.View;
import io.trainyard.store.view.ViewDamaged;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads every byte of a store that is in use and checks every checksum, on a reader thread. */
final class Scrub {
  private final Disk disk;
  private final Journal journal;
  private final ChunkFiles files;
  private final Snapshots snapshots;
  private final View view;
  private final Health health;

  Scrub(Disk disk, Journal journal, ChunkFiles files, Snapshots snapshots, View view, Health health) {
    this.disk = disk;
    this.journal = journal;
    this.files = files;
    this.snapshots = snapshots;
    this.view = view;
    this.health = health;
  }

  ScrubReport run() {
    Set<String> problems = new LinkedHashSet<>(health.damage());
    int filesRead = 0;
    long bytes = 0;
    long records = 0;
    try {
      for (Segment segment : journal.segments()) {
        List<Damage> damage = new ArrayList<>();
        JournalScrub read = JournalScrub.read(disk, segment, damage);
        if (read == null) {
          continue; // Retired meanwhile.
        }
        filesRead++;
        bytes += segment.bytes();
        records += read.records();
        damage.forEach(each -> problems.add(each.sentence()));
      }
      for (Snapshot snapshot : snapshots.all()) {
        filesRead++;
        bytes += snapshot.bytes();
        records += snapshot.records();
        problems.addAll(snapshot.damage());
      }
      ScrubReport chunks = files.scrub();
      filesRead += chunks.files();
      bytes += chunks.bytes();
      records += chunks.records();
      problems.addAll(chunks.problems());
      long checkpoint = view.verifyCheckpoint();
      filesRead += checkpoint > 0 ? 1 : 0;
      bytes += checkpoint;
    } catch (ViewDamaged damaged) {
      problems.add(String.valueOf(damaged.getMessage()));
    } catch (IOException failure) {
      throw new StoreException.Damaged("The store cannot be read to its end: " + failure.getMessage());
    }
    return new ScrubReport(filesRead, bytes, records, List.copyOf(problems));
  }
}
