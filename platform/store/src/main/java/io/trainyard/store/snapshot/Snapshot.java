package io.trainyard.store.snapshot;

import io.trainyard.core.model.Experiment;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.state.KeyEntry;
import io.trainyard.store.state.RunImage;
import java.util.List;

/**
 * What a snapshot holds.
 *
 * @param sequence of the last change that is in it
 * @param synced what of the chunk files was durable: the journal that held their points may be gone
 * @param damage a sentence each; what was damaged is not in the lists
 */
public record Snapshot(
    long sequence,
    ChunkFiles.Position synced,
    List<Experiment> experiments,
    List<RunImage> runs,
    List<KeyEntry> keys,
    long bytes,
    long records,
    List<String> damage) {}
