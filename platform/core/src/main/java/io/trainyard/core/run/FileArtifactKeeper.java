package io.trainyard.core.run;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Keep;
import io.trainyard.core.bus.Addresses.Kept;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.ExhibitEntry;
import io.trainyard.core.model.ExhibitInfo;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.store.ScrubReport;
import io.trainyard.core.store.StoreException;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what runs have shown and kept below {@code artifacts/<run>/}: an {@link ArtifactIndex} and
 * {@link ContentFiles}. Works on one thread of its own, "artifacts".
 *
 * <p>Not the store's journal, because a histogram of each layer at each epoch of ten thousand runs would have to be in
 * its memory and in each snapshot. Here the index of a run is read when somebody looks, and some are remembered.
 *
 * <p>The order: the files' content durable, then the index, then the answer; then the files go from the spool, and what
 * is superseded is deleted. Whatever is cut off in between is sent again, and what is known by its position is dropped.
 */
public final class FileArtifactKeeper implements ArtifactKeeper, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileArtifactKeeper.class);
  private static final Pattern RUN = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** As {@code Run.keep} has it: names of letters, digits and {@code _ - .} with {@code /} between them. */
  private static final Pattern PATH = Pattern.compile("(?!\\.)[\\w\\-.]+(/(?!\\.)[\\w\\-.]+)*");

  private static final int REMEMBERED = 32;
  private static final long CLOSE_SECONDS = 30;

  private final Path folder;
  private final Bus bus;
  private final ContentFiles contents;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, "artifacts"));

  /** Runs of which nothing can be kept until the hub is started again. */
  private final Set<String> broken = new HashSet<>();

  private final Map<String, ArtifactIndex> indexes =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ArtifactIndex> eldest) {
          return size() > REMEMBERED;
        }
      };

  private @Nullable MessageConsumer<Keep> serving;

  @FunctionalInterface
  private interface Work<T> {
    T get() throws IOException;
  }

  public FileArtifactKeeper(Home home, Bus bus, Clock clock) {
    this.folder = home.artifacts();
    this.bus = bus;
    this.contents = new ContentFiles(clock);
  }

  public void start() {
    serving = bus.serve(Addresses.KEEP, keep -> later(() -> keep(keep)));
  }

  @Override
  public CompletionStage<List<ExhibitInfo>> exhibits(String run) {
    return later(() -> index(run).exhibits());
  }

  @Override
  public CompletionStage<Optional<Shown>> exhibit(String run, String name, @Nullable Long step) {
    return later(() -> index(run).exhibit(name, step));
  }

  @Override
  public CompletionStage<List<Artifact>> artifacts(String run) {
    return later(() -> List.copyOf(index(run).artifacts()));
  }

  @Override
  public CompletionStage<Optional<Content>> open(String run, String path) {
    return later(
        () -> {
          Optional<Artifact> known = index(run).artifact(path);
          if (known.isEmpty()) {
            return Optional.empty();
          }
          Artifact artifact = known.get();
          Path file = files(run).resolve(artifact.sha256());
          String what = path + " of run " + run;
          return Optional.of(new Content(artifact, contents.lend(file, artifact.size(), artifact.sha256(), what)));
        });
  }

  @Override
  public CompletionStage<ScrubReport> scrub() {
    // A run at a time: what runners write in the meantime is kept in between.
    return later(this::runs)
        .thenCompose(
            runs -> {
              CompletionStage<ScrubReport> sum =
                  CompletableFuture.completedStage(new ScrubReport(0, 0, 0, List.of()));
              for (String run : runs) {
                sum = sum.thenCompose(before -> later(() -> plus(before, scrub(run))));
              }
              return sum;
            });
  }

  /** What is being written is written to its end: after this another hub may have the folder. */
  @Override
  public void close() {
    if (serving != null) {
      serving.unregister();
    }
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("artifacts are still being written after {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Boolean keep(Keep keep) throws IOException {
    ArtifactIndex index = index(keep.run());
    if (keep.attempt() < index.latestAttempt()) {
      throw new StoreException.StaleAttempt("Attempt " + keep.attempt() + " of run " + keep.run()
          + " is not the latest: that is attempt " + index.latestAttempt() + ". Stop sending.");
    }
    if (broken.contains(keep.run())) {
      throw new StoreException.Unusable("The disk failed while artifacts of run " + keep.run()
          + " were written. Look after the disk, then start the hub again.");
    }
    List<IndexRecord> fresh = new ArrayList<>();
    List<Path> sources = new ArrayList<>();
    for (Keepsake one : keep.records()) {
      if (!index.knows(keep.attempt(), one.position())) {
        fresh.add(taken(keep, one, sources));
      }
    }
    if (fresh.isEmpty()) {
      index.sync();
      return true;
    }
    Files.createDirectories(folder.resolve(keep.run()));
    try {
      index.append(fresh);
    } catch (IOException | RuntimeException e) {
      // What is on the disk is not known any more; it is read anew.
      indexes.remove(keep.run());
      if (index.broken()) {
        broken.add(keep.run());
      }
      throw e;
    }
    tidy(keep.run(), index, sources);
    List<Artifact> artifacts = new ArrayList<>();
    for (IndexRecord one : fresh) {
      if (one instanceof IndexRecord.Kept kept) {
        artifacts.add(kept.artifact());
      } else if (one instanceof IndexRecord.Lost lost) {
        log.error("{}", lost.why());
      }
    }
    bus.publish(
        Addresses.KEPT,
        new Kept(keep.run(), keep.attempt(), ArtifactIndex.exhibitsOf(fresh), List.copyOf(artifacts)));
    return true;
  }

  private IndexRecord taken(Keep keep, Keepsake one, List<Path> sources) throws IOException {
    if (one instanceof Keepsake.Exhibit exhibit) {
      Map.Entry<String, byte[]> read;
      try {
        read = IndexRecord.exhibit(exhibit.json());
      } catch (IOException e) {
        return lost(keep, one, "the exhibit \"" + exhibit.name() + "\" at step " + exhibit.step(), e.getMessage());
      }
      ExhibitEntry entry = new ExhibitEntry(exhibit.step(), exhibit.time(), keep.attempt());
      return new IndexRecord.Exhibit(exhibit.position(), exhibit.name(), read.getKey(), entry, read.getValue());
    }
    Keepsake.File file = (Keepsake.File) one;
    Artifact artifact;
    Path source;
    try {
      Map<String, Object> fields = new HashMap<>();
      IndexRecord.fields(file.json(), fields);
      artifact = artifact(fields, file, keep.attempt());
      source = inside(keep.files(), String.valueOf(fields.get("file")));
    } catch (IOException e) {
      return lost(keep, one, "a file that was kept", e.getMessage());
    }
    String refusal = contents.take(source, files(keep.run()), artifact.size(), artifact.sha256());
    if (refusal != null && source == null && artifact.role() != null) {
      // The runner leaves only the newest for an agent that lags: a later record names the one that replaced it.
      return new IndexRecord.Superseded(keep.attempt(), one.position(), artifact.path());
    }
    if (refusal != null) {
      return lost(keep, one, artifact.path(), refusal);
    }
    if (source != null) {
      sources.add(source);
    }
    return new IndexRecord.Kept(file.position(), artifact);
  }

  private static IndexRecord lost(Keep keep, Keepsake one, String what, @Nullable String why) {
    String sentence = what + " of run " + keep.run() + " could not be kept: " + why + ".";
    return new IndexRecord.Lost(keep.attempt(), one.position(), sentence);
  }

  private static Artifact artifact(Map<String, Object> fields, Keepsake.File file, int attempt) throws IOException {
    if (!(fields.get("path") instanceof String path) || !PATH.matcher(path).matches()) {
      throw new IOException("\"" + fields.get("path") + "\" cannot be its path");
    }
    if (!(fields.get("sha256") instanceof String sha256) || !SHA256.matcher(sha256).matches()) {
      throw new IOException("it has no sha256");
    }
    if (!(fields.get("size") instanceof Long size)) {
      throw new IOException("it has no size");
    }
    String role = fields.get("role") instanceof String text ? text : null;
    long step = fields.get("step") instanceof Long number ? number : 0;
    Long epoch = role != null && fields.get("epoch") instanceof Long number ? number : null;
    Long done = role != null && fields.get("epoch_done") instanceof Long number ? number : null;
    return new Artifact(path, size, sha256, step, file.time(), attempt, role, epoch, done);
  }

  /** A file in the spool's own folder; null when it is not there. What a plugin names elsewhere is not taken. */
  private static @Nullable Path inside(Path files, String name) throws IOException {
    try {
      Path file = files.resolve(name);
      if (!Files.isRegularFile(file)) {
        return null;
      }
      if (!file.toRealPath().startsWith(files.toRealPath())) {
        throw new IOException("\"" + name + "\" is not in the spool's folder of files");
      }
      return file.toRealPath();
    } catch (InvalidPathException e) {
      throw new IOException("\"" + name + "\" cannot be a file", e);
    }
  }

  /** After the index is durable; what does not succeed here is done the next time. */
  private void tidy(String run, ArtifactIndex index, List<Path> sources) {
    try {
      for (Path source : sources) {
        Files.deleteIfExists(source);
      }
      if (!sources.isEmpty()) {
        Set<String> needed = new HashSet<>();
        index.artifacts().forEach(artifact -> needed.add(artifact.sha256()));
        contents.keepOnly(files(run), needed);
      }
    } catch (IOException e) {
      log.warn("superseded files of run {} cannot be deleted: {}", run, e.toString());
    }
  }

  private List<String> runs() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(it -> it.getFileName().toString()).filter(it -> RUN.matcher(it).matches()).sorted().toList();
    }
  }

  private ScrubReport scrub(String run) throws IOException {
    Path file = folder.resolve(run).resolve("index");
    ArtifactIndex index;
    try {
      index = ArtifactIndex.scan(file);
    } catch (StoreException e) {
      return new ScrubReport(1, 0, 0, List.of(String.valueOf(e.getMessage())));
    }
    List<String> problems = new ArrayList<>(index.problems());
    int files = Files.exists(file) ? 1 : 0;
    long bytes = files == 0 ? 0 : Files.size(file);
    for (Artifact artifact : index.artifacts()) {
      Path content = files(run).resolve(artifact.sha256());
      String damage = contents.scrub(content, artifact.size(), artifact.sha256());
      if (damage != null) {
        problems.add(content + " " + damage + ": " + artifact.path() + " of run " + run + " cannot be read.");
      }
      files++;
      bytes += artifact.size();
    }
    return new ScrubReport(files, bytes, index.records(), List.copyOf(problems));
  }

  private static ScrubReport plus(ScrubReport a, ScrubReport b) {
    List<String> problems = new ArrayList<>(a.problems());
    problems.addAll(b.problems());
    return new ScrubReport(a.files() + b.files(), a.bytes() + b.bytes(), a.records() + b.records(), problems);
  }

  private ArtifactIndex index(String run) throws IOException {
    if (!RUN.matcher(run).matches()) {
      throw new StoreException.NotFound("There is no run " + run + ".");
    }
    ArtifactIndex known = indexes.get(run);
    if (known == null) {
      known = ArtifactIndex.open(folder.resolve(run).resolve("index"));
      indexes.put(run, known);
    }
    return known;
  }

  private Path files(String run) {
    return folder.resolve(run).resolve("files");
  }

  private <T> CompletionStage<T> later(Work<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.get();
          } catch (IOException e) {
            throw new CompletionException(
                new UncheckedIOException("artifacts cannot be read or written: " + e.getMessage(), e));
          }
        },
        thread);
  }
}
