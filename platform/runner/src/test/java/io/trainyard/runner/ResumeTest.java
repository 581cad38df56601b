package io.trainyard.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.client.Control;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attempts in processes of their own, each going on where the one before was saved. */
@Timeout(120)
final class ResumeTest {
  private static final String PARAMS =
      "static final Param.Int HALT = Param.integer(\"halt\", 0, \"step\"), PARK = Param.integer(\"park\", 0, \"step\");"
          + " static final Metric MEAN = Metric.minimize(\"epoch/mean\");"
          + " double at, sum; boolean full;"
          + " State state = new State() {"
          + "   public void save(Path f) throws java.io.IOException { if (full) throw new java.io.IOException(\"no space\");"
          + "     Files.writeString(f, at + \" \" + sum); }"
          + "   public void restore(Path f) throws java.io.IOException { String[] s = Files.readString(f).split(\" \");"
          + "     if (s.length != 2) throw new java.io.IOException(\"the checkpoint has no sum\");"
          + "     at = Double.parseDouble(s[0]); sum = Double.parseDouble(s[1]); } };"
          + " =>.params(HALT, PARK).best(MEAN)";

  /** A random walk of four epochs of ten steps, that ends its process or waits for a stop where it is told to. */
  private static final String TRAIN =
      "run.resumable(state); long step = 0;"
          + " for (Epoch e : run.epochs(4)) { if (e.done() == 0) sum = 0;"
          + "   for (Steps s : e.steps(10, 4)) for (step = s.first(); step <= s.last(); step++) {"
          + "     at += new Random(run.seed() * 31 + step).nextGaussian(); sum += at; run.log(LOSS, step, at);"
          + "     if (step == run.get(HALT)) Runtime.getRuntime().halt(3);"
          + "     while (step == run.get(PARK) && !run.stopping()) Thread.sleep(1); }"
          + "   if (step - 1 == 10 * e.number()) run.log(MEAN, step - 1, sum); }";

  @TempDir Path dir;
  private int attempts;

  @Test
  void stoppedInTheMiddleOfAnEpochItGoesOnWithTheNextBlockAsIfNothingHadBeen() throws Exception {
    Child.Spooled whole = attempt(Map.of(), Map.of());
    Child.Spooled stopped = stoppedAt(14);
    assertThat(stopped.end).isEqualTo("STOPPED stopped after step 14");
    assertThat(kept(stopped)).containsExactly("best 10 2/0", "last 14 2/4");

    Child.Spooled rest = attempt(Map.of(), Map.of("checkpoint", checkpoint(stopped, "last")));
    assertThat(rest.end).isEqualTo("FINISHED");
    assertThat(rest.series.get("train/loss").get(0)).startsWith("15:");
    assertThat(together(stopped, rest)).isEqualTo(whole.series);
    assertThat(Control.open(folder()).progress()).isEqualTo(new Control.Progress(40, 40, 4, 4));
  }

  @Test
  void stoppedAtTheEndOfAnEpochItHasItsEvaluation() throws Exception {
    Child.Spooled whole = attempt(Map.of(), Map.of());
    Child.Spooled stopped = stoppedAt(20);
    assertThat(stopped.end).isEqualTo("STOPPED stopped after step 20");
    assertThat(kept(stopped)).contains("last 20 3/0");
    assertThat(stopped.series.get("epoch/mean")).hasSize(2);
    Child.Spooled rest = attempt(Map.of(), Map.of("checkpoint", checkpoint(stopped, "last")));
    assertThat(together(stopped, rest)).isEqualTo(whole.series);
  }

  @Test
  void killedItGoesOnFromItsLastCheckpointAndTrainsTheSameOnceMore() throws Exception {
    Child.Spooled whole = attempt(Map.of(), Map.of());
    Child.Spooled killed = attempt(Map.of("halt", 25), Map.of("checkpoint_every", "1epochs"));
    assertThat(killed.end).isEqualTo("none");
    assertThat(killed.series.get("train/loss")).hasSize(25);
    Child.Spooled rest = attempt(Map.of(), Map.of("checkpoint", checkpoint(killed, "last")));
    assertThat(rest.series.get("train/loss").get(0)).startsWith("21:");
    assertThat(together(killed, rest)).isEqualTo(whole.series);
  }

  @Test
  void theEndIsACheckpointAfterWhichNothingIsLeft() throws Exception {
    Child.Spooled whole = attempt(Map.of(), Map.of());
    assertThat(kept(whole)).contains("last 40 5/0");
    Child.Spooled rest = attempt(Map.of(), Map.of("checkpoint", checkpoint(whole, "last")));
    assertThat(rest.end).isEqualTo("FINISHED");
    assertThat(rest.series).isEmpty();
    assertThat(rest.kept).isEmpty();
  }

  @Test
  void theBestBeforeIsNotReplacedByAWorseOneAfterwards() throws Exception {
    Child.Spooled whole = attempt(Map.of(), Map.of());
    Child.Spooled killed = attempt(Map.of("halt", 25), Map.of("checkpoint_every", "1epochs"));
    Map<String, Object> from = checkpoint(killed, "last");
    from.put("best", killed.provenance.get("checkpoint.best"));
    Child.Spooled rest = attempt(Map.of(), Map.of("checkpoint", from));
    List<String> bests = new ArrayList<>(kept(killed));
    bests.addAll(kept(rest));
    bests.removeIf(it -> !it.startsWith("best"));
    assertThat(bests).isEqualTo(kept(whole).stream().filter(it -> it.startsWith("best")).toList());
    // Without it the first epoch would be the best of all.
    from.put("best", -1e9);
    assertThat(kept(attempt(Map.of(), Map.of("checkpoint", from)))).noneMatch(it -> it.startsWith("best"));
  }

  @Test
  void aCheckpointThatCannotBeSavedIsALineInTheLog() throws Exception {
    Child.Spooled run = attempt("full = true; " + TRAIN, Map.of(), Map.of("checkpoint_every", "1epochs"));
    assertThat(run.end).isEqualTo("FINISHED");
    assertThat(run.kept).isEmpty();
    assertThat(run.series.get("train/loss")).hasSize(40);
    assertThat(Files.readString(folder().resolve("output.log")))
        .contains("WARN Checkpoints - the checkpoint after step 10 cannot be saved, the training goes on: no space");
  }

  @Test
  void aCheckpointThatDoesNotFitFailsTheRunWithItsReason() throws Exception {
    Map<String, ?> from = Map.of("file", Files.writeString(dir.resolve("x"), "garbage").toString(), "step", 4, "epoch", 1);
    assertThat(attempt(Map.of(), Map.of("checkpoint", from)).end)
        .isEqualTo("FAILED the checkpoint has no sum (IOException)");
  }

  @Test
  void aTaskThatCannotBeResumedSaysSoInsteadOfStartingAgain() throws Exception {
    Map<String, ?> from = Map.of("file", Files.writeString(dir.resolve("x"), "1 2").toString(), "step", 4, "epoch", 1);
    String plain = "for (Epoch e : run.epochs(2)) for (Steps s : e.steps(5, 4)) run.log(LOSS, s.first(), 1);";
    Child.Spooled run = attempt(plain, Map.of(), Map.of("checkpoint", from));
    assertThat(run.end)
        .startsWith("FAILED task t was to go on after step 4, but does not call run.resumable before run.epochs.");
    assertThat(run.series).isEmpty();
  }

  @Test
  void whatIsShownAndKeptIsInTheSpoolAndMistakesAreSaid() throws Exception {
    String train =
        "run.show(\"sample\", 3, new Exhibit.Text(\"hello\"));"
            + " run.show(\"huge\", 4, new Exhibit.Text(\"x\".repeat(2_000_000)));"
            + " Path f = Files.writeString(Files.createTempFile(\"kept\", \".txt\"), \"content\");"
            + " for (Epoch e : run.epochs(1)) for (Steps s : e.steps(7, 4)) {}"
            + " run.keep(\"model/a.txt\", f); Files.delete(f);"
            + " for (String bad : List.of(\"../a\", \"a b\", \"checkpoints/x\", \"model/missing\"))"
            + "   try { run.keep(bad, f); } catch (IllegalArgumentException e) { run.provenance(bad, e.getMessage()); }"
            + " try { run.show(\"a\\tb\", 1, new Exhibit.Text(\"\")); }"
            + " catch (IllegalArgumentException e) { run.provenance(\"name\", e.getMessage()); }";
    Child.Spooled run = attempt(train, Map.of(), Map.of());
    assertThat(run.end).isEqualTo("FINISHED");
    assertThat(run.exhibits).containsExactly("sample 3 {\"kind\":\"text\",\"data\":{\"text\":\"hello\"}}");
    JsonNode kept = run.kept.get(0);
    assertThat(run.kept).hasSize(1);
    assertThat(kept.path("path").asText() + " " + kept.path("step") + " " + kept.path("size"))
        .isEqualTo("model/a.txt 7 7");
    assertThat(kept.has("role")).isFalse();
    Path file = folder().resolve("files").resolve(kept.path("file").asText());
    assertThat(file).hasContent("content");
    assertThat(kept.path("sha256").asText()).isEqualTo(Digests.sha256(file));
    assertThat(run.provenance).containsKeys("../a", "a b", "checkpoints/x", "name");
    assertThat(run.provenance.get("model/missing")).contains("is not a file");
    assertThat(Files.readString(folder().resolve("output.log")))
        .contains("WARN SpooledRun - the exhibit huge of step 4 is left out: it takes more than 1048572 bytes");
    assertThat(Control.open(folder()).lost()).isZero();
  }

  @Test
  void aFileThatCannotBeCopiedCostsTheFileAndNotTheTraining() throws Exception {
    // A file where the folder for files would be.
    String train =
        "Path f = Files.writeString(Files.createTempFile(\"kept\", \".txt\"), \"content\"); run.keep(\"a\", f);"
            + " Files.delete(f); run.log(LOSS, 1, 2);";
    Path spool = Files.createDirectories(dir.resolve("1"));
    Files.writeString(spool.resolve("files"), "in the way");
    Child.Spooled run = attempt(train, Map.of(), Map.of());
    assertThat(run.end).isEqualTo("FINISHED");
    assertThat(run.series.get("train/loss")).containsExactly("1:2.0");
    assertThat(Control.open(folder()).lost()).isEqualTo(1);
    assertThat(Files.readString(folder().resolve("output.log"))).contains("WARN KeptFiles - a is not kept: ");
  }

  private Path folder() {
    return dir.resolve(Integer.toString(attempts));
  }

  private Child.Spooled attempt(Map<String, ?> params, Map<String, ?> other) throws Exception {
    return attempt(TRAIN, params, other);
  }

  private Child.Spooled attempt(String train, Map<String, ?> params, Map<String, ?> other) throws Exception {
    try (Child child = start(train, params, other)) {
      return child.spooled();
    }
  }

  private Child start(String train, Map<String, ?> params, Map<String, ?> other) throws Exception {
    attempts++;
    Path jar = new TestJar().task("T", "t", PARAMS, train).build(Files.createDirectories(folder()).resolve("p.jar"));
    return Child.runner(folder(), false).assign(jar, params, other);
  }

  private Child.Spooled stoppedAt(int step) throws Exception {
    try (Child child = start(TRAIN, Map.of("park", step), Map.of())) {
      Control control = Control.open(folder());
      while (control.logged() < step) {
        assertThat(child.process.isAlive()).isTrue();
        Thread.sleep(2);
      }
      control.requestStop();
      return child.spooled();
    }
  }

  /** What the hub would give to the next attempt. */
  private Map<String, Object> checkpoint(Child.Spooled from, String role) {
    Map<String, Object> newest = new LinkedHashMap<>();
    for (JsonNode kept : from.kept) {
      if (kept.path("role").asText().equals(role)) {
        newest.put("file", folder().resolve("files").resolve(kept.path("file").asText()).toString());
        newest.put("step", kept.path("step").asLong());
        newest.put("epoch", kept.path("epoch").asLong());
        newest.put("epoch_done", kept.path("epoch_done").asLong());
      }
    }
    assertThat(newest).isNotEmpty();
    return newest;
  }

  private static List<String> kept(Child.Spooled spooled) {
    return spooled.kept.stream()
        .map(
            it ->
                it.path("role").asText() + " " + it.path("step") + " " + it.path("epoch") + "/" + it.path("epoch_done"))
        .toList();
  }

  /** Of each step the later attempt's, in the order of the steps. */
  private static Map<String, List<String>> together(Child.Spooled first, Child.Spooled rest) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    first.series.forEach(
        (name, points) -> {
          Map<Long, String> bySteps = new TreeMap<>();
          points.forEach(it -> bySteps.put(Long.parseLong(it.split(":")[0]), it));
          rest.series.getOrDefault(name, List.of()).forEach(it -> bySteps.put(Long.parseLong(it.split(":")[0]), it));
          all.put(name, new ArrayList<>(bySteps.values()));
        });
    return all;
  }
}
