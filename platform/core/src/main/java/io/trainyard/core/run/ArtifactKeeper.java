package io.trainyard.core.run;

import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.ExhibitEntry;
import io.trainyard.core.model.ExhibitInfo;
import io.trainyard.core.store.ScrubReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads what runs have shown and kept. Any thread may call; files are read on a thread of its own. Stages fail with a
 * {@link io.trainyard.core.store.StoreException}.
 */
public interface ArtifactKeeper {
  /** By name. */
  CompletionStage<List<ExhibitInfo>> exhibits(String run);

  /**
   * One exhibit with what it shows.
   *
   * @param step null: the newest, which is the one that was logged last
   */
  CompletionStage<Optional<Shown>> exhibit(String run, String name, @Nullable Long step);

  /** By path: the newest content of each, and of checkpoints the newest of each role. */
  CompletionStage<List<Artifact>> artifacts(String run);

  /**
   * A file to read. Its SHA-256 has been checked against the index; if it is not what it should be, the stage fails
   * with {@link io.trainyard.core.store.StoreException.Damaged}. What is superseded meanwhile stays for some minutes.
   */
  CompletionStage<Optional<Content>> open(String run, String path);

  /** Reads every byte and checks every checksum. */
  CompletionStage<ScrubReport> scrub();

  /**
   * An exhibit.
   *
   * @param data JSON; what it says follows from the kind
   */
  record Shown(String name, String kind, ExhibitEntry entry, byte[] data) {}

  /** An artifact and where its bytes are. */
  record Content(Artifact artifact, Path file) {}
}
