package io.trainyard.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.client.Control;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class RunnerTest {
  /** Ten steps in blocks of four, and one value by itself. */
  private static final String TRAIN =
      "for (Epoch e : run.epochs(2)) for (Steps s : e.steps(5, 4)) run.log(LOSS, s, new float[] {1, 2, 3, 4});";

  @TempDir Path dir;

  @Test
  void aTaskTrainsAndEverythingItLoggedIsInTheSpool() throws Exception {
    String train = TRAIN + " run.log(Metric.of(\"x\"), -5, Double.NaN); run.provenance(\"data\", \"" + "abc\");";
    Child.Spooled spooled = run(new TestJar().task(train), Map.of());
    assertThat(spooled.end).isEqualTo("FINISHED");
    assertThat(spooled.series.get("train/loss"))
        .containsExactly(
            "1:1.0", "2:2.0", "3:3.0", "4:4.0", "5:1.0", "6:1.0", "7:2.0", "8:3.0", "9:4.0", "10:1.0");
    assertThat(spooled.series.get("x")).containsExactly("-5:NaN");
    assertThat(spooled.provenance)
        .containsEntry("data", "abc")
        .containsEntry("plugin.version", "9.9")
        .containsEntry("task", "t")
        .containsEntry("device", "cpu")
        .containsEntry("tensorflow.version", "none")
        .containsKeys("jdk", "os", "cpu.model", "cpu.flags", "plugin.sha256", "hostname", "pid", "trainyard.version");
    Control control = Control.open(dir);
    assertThat(control.progress()).isEqualTo(new Control.Progress(10, 10, 2, 2));
    assertThat(control.logged()).isEqualTo(11);
    assertThat(control.lost()).isZero();
  }

  @Test
  void tensorFlowIsLoadedBeforeAnAssignmentComes() throws Exception {
    String train =
        "try (var g = new org.tensorflow.Graph()) { run.provenance(\"loader\", g.getClass().getClassLoader().getName()); }";
    try (Child child = Child.runner(dir, true)) {
      Child.Spooled spooled = child.assign(new TestJar().task(train).build(dir.resolve("p.jar")), Map.of()).spooled();
      assertThat(spooled.end).isEqualTo("FINISHED");
      assertThat(spooled.provenance)
          .containsEntry("tensorflow.version", "2.18.0")
          .containsEntry("loader", "app");
      assertThat(spooled.provenance.get("tensorflow.native")).startsWith("tensorflow-core-native-");
    }
  }

  @Test
  void paramsAreOfTheSpecsTypes() throws Exception {
    String params =
        "static final Param.Real RATE = Param.real(\"rate\", 0.5, \"\"); static final Param.Int N = Param.integer(\"n\", 3, \"\");"
            + " static final Param.Many<Double> WS = Param.list(Param.real(\"ws\", 0, \"\"), List.of());"
            + " static final Param.Maybe<Long> CLIP = Param.optional(Param.integer(\"clip\", 0, \"\"));"
            + " static final Param.Flag ON = Param.flag(\"on\", false, \"\");"
            + " =>.params(RATE, N, WS, CLIP, ON)";
    String train =
        "double r = run.get(RATE); long n = run.get(N); Optional<Long> c = run.get(CLIP); boolean on = run.get(ON);"
            + " run.provenance(\"got\", r + \" \" + n + \" \" + run.get(WS) + \" \" + c + \" \" + on + \" \" + run.seed() + \" \" + run.id());";
    TestJar jar = new TestJar().task("T", "t", params, train);
    Child.Spooled spooled = run(jar, Map.of("rate", 2, "ws", List.of(1, 2.5), "clip", 9, "on", true));
    assertThat(spooled.end).isEqualTo("FINISHED");
    assertThat(spooled.provenance)
        .containsEntry("got", "2.0 3 [1.0, 2.5] Optional[9] true 42 0123456789abcdef0123456789abcdef");
  }

  @Test
  void allParamsThatAreWrongAreNamedBeforeTheTrainingBegins() throws Exception {
    String params =
        "static final Param.Real RATE = Param.real(\"rate\", 0.5, \"\").above(0);"
            + " static final Param.Int N = Param.integer(\"n\", 3, \"\").required(); =>.params(RATE, N)";
    Child.Spooled spooled = run(new TestJar().task("T", "t", params, TRAIN), Map.of("rate", -1, "m", 2));
    assertThat(spooled.end)
        .isEqualTo(
            "FAILED rate must be greater than 0, but is -1; n must be given; m is not a param of t (IllegalArgumentException)");
    assertThat(spooled.series).isEmpty();
  }

  @Test
  void aStopEndsTheLoopsAndTheRunIsStopped() throws Exception {
    String train =
        "for (Epoch e : run.epochs(1000000)) for (Steps s : e.steps(10, 1)) { run.log(LOSS, s.first(), 1); Thread.sleep(1); }";
    try (Child child = Child.runner(dir, false)) {
      child.assign(new TestJar().task(train).build(dir.resolve("p.jar")), Map.of());
      Control control = Control.open(dir);
      while (control.logged() < 20) {
        Thread.sleep(5);
      }
      long asked = System.nanoTime();
      control.requestStop();
      Child.Spooled spooled = child.spooled();
      int steps = spooled.series.get("train/loss").size();
      assertThat(spooled.end).isEqualTo("STOPPED stopped after step " + steps);
      assertThat(System.nanoTime() - asked).isLessThan(10_000_000_000L);
      assertThat(control.heartbeat()).isPositive();
    }
  }

  @Test
  void aStopBetweenTheQuestionForABlockAndTheBlockStopsTheRunBehindIt() throws Exception {
    String first = "var epochs = run.epochs(2).iterator(); epochs.hasNext(); ";
    String wait = "run.log(LOSS, 1, 1); while (!run.stopping()) Thread.sleep(1); ";
    String blocks = "var blocks = epochs.next().steps(10, 1).iterator(); ";
    assertThat(stopped(first + blocks + "blocks.hasNext(); " + wait + "blocks.next(); while (blocks.hasNext()) blocks.next();"))
        .isEqualTo("STOPPED stopped after step 1");
    assertThat(stopped(first + wait + blocks + "while (blocks.hasNext()) blocks.next();")).startsWith("STOPPED");
  }

  /** How a training ends that is asked to stop when it has logged its first point. */
  private String stopped(String train) throws Exception {
    Path own = Files.createTempDirectory(dir, "stopped");
    try (Child child = Child.runner(own, false)) {
      child.assign(new TestJar().task(train).build(own.resolve("p.jar")), Map.of());
      Control control = Control.open(own);
      while (control.logged() < 1) {
        Thread.sleep(5);
      }
      control.requestStop();
      return child.spooled().end;
    }
  }

  @Test
  void anExceptionFailsTheRunWithItsMessage() throws Exception {
    assertThat(run(new TestJar().task("throw new IllegalStateException(\"no luck\");"), Map.of()).end)
        .isEqualTo("FAILED no luck (IllegalStateException)");
    assertThat(output()).contains("p.T.train(T.java:1)");
  }

  @Test
  void dataThatDoesNotFitIsSaidWithoutAStackTrace() throws Exception {
    assertThat(run(new TestJar().task("throw new InvalidDataException(\"the corpus is too short\");"), Map.of()).end)
        .isEqualTo("FAILED the corpus is too short");
    assertThat(output()).contains("the corpus is too short").doesNotContain("at p.T");
  }

  @Test
  void aDivergedTrainingIsDivergedWithItsStep() throws Exception {
    assertThat(run(new TestJar().task("throw new DivergedException(17, \"the loss is NaN\");"), Map.of()).end)
        .isEqualTo("DIVERGED diverged at step 17: the loss is NaN");
  }

  @Test
  void runningOutOfMemoryIsAFailureThatIsTold() throws Exception {
    String heap = "List<byte[]> all = new ArrayList<>(); while (true) all.add(new byte[10_000_000]);";
    assertThat(run(new TestJar().task(heap), Map.of()).end)
        .isEqualTo("FAILED Java heap space (OutOfMemoryError)");
  }

  @Test
  void anEndlessRecursionThatLogsDoesNotLeaveTheSpoolLocked() throws Exception {
    // The overflow comes at some depth inside of log.
    TestJar jar = new TestJar().service("p.T").source(
        "T",
        "public class T implements Task { static final Metric LOSS = Metric.minimize(\"train/loss\");"
            + " public TaskSpec spec() { return TaskSpec.of(\"t\", \"A test\"); }"
            + " public void train(Run run) { down(run, 0); }"
            + " void down(Run run, long step) { run.log(LOSS, step, 1); down(run, step + 1); } }");
    assertThat(run(jar, Map.of()).end).isEqualTo("FAILED StackOverflowError");
  }

  @Test
  void systemExitIsAFailureThatNamesThePlace() throws Exception {
    assertThat(run(new TestJar().task(TRAIN + " System.exit(0);"), Map.of()).end)
        .startsWith("FAILED the task called System.exit, at p.T.train(");
  }

  @Test
  void haltLeavesThePointsAndNoEnd() throws Exception {
    try (Child child = Child.runner(dir, false)) {
      String train = TRAIN + " Runtime.getRuntime().halt(3);";
      Child.Spooled spooled = child.assign(new TestJar().task(train).build(dir.resolve("p.jar")), Map.of()).spooled();
      assertThat(child.process.exitValue()).isEqualTo(3);
      assertThat(spooled.end).isEqualTo("none");
      assertThat(spooled.series.get("train/loss")).hasSize(10);
    }
  }

  @Test
  void threadsThatATaskLeavesBehindDoNotKeepTheProcess() throws Exception {
    String train =
        "Thread t = new Thread(() -> { while (true) try { Thread.sleep(1000); } catch (InterruptedException e) {} }); t.start();"
            + " Runtime.getRuntime().addShutdownHook(t = new Thread(() -> { while (true) Thread.onSpinWait(); }));";
    assertThat(run(new TestJar().task(train), Map.of()).end).isEqualTo("FINISHED");
  }

  @Test
  void aPluginSeesItsOwnClassesAndNotTheRunners() throws Exception {
    String train =
        "run.provenance(\"own\", com.fasterxml.jackson.databind.ObjectMapper.WHOSE);"
            + " try { Class.forName(\"io.trainyard.runner.Training\"); run.provenance(\"runner\", \"seen\"); }"
            + " catch (ClassNotFoundException e) { run.provenance(\"runner\", \"hidden\"); }"
            + " org.slf4j.LoggerFactory.getLogger(T.class).info(\"logged by the plugin\");"
            + " run.provenance(\"context\", Thread.currentThread().getContextClassLoader().getName());";
    TestJar jar =
        new TestJar()
            .raw(
                "com/fasterxml/jackson/databind/ObjectMapper",
                "package com.fasterxml.jackson.databind; public class ObjectMapper { public static final Object O = null;"
                    + " public static String WHOSE = \"the plugin's\"; }")
            .task(train);
    Child.Spooled spooled = run(jar, Map.of());
    assertThat(spooled.end).isEqualTo("FINISHED");
    assertThat(spooled.provenance)
        .containsEntry("own", "the plugin's")
        .containsEntry("runner", "hidden")
        .containsEntry("context", "plugin");
    assertThat(output()).contains("INFO T - logged by the plugin");
  }

  @Test
  void aCopyThatWasChangedIsNotLoaded() throws Exception {
    try (Child child = Child.runner(dir, false)) {
      Path jar = new TestJar().task(TRAIN).build(dir.resolve("p.jar"));
      assertThat(child.assign(jar, Map.of(), Map.of("plugin_sha256", "00")).spooled().end)
          .contains("FAILED", "p.jar has the SHA-256", "pinned to 00");
    }
  }

  @Test
  void aTaskThatIsNotThereIsNamedWithThoseThatAre() throws Exception {
    try (Child child = Child.runner(dir, false)) {
      Path jar = new TestJar().task(TRAIN).build(dir.resolve("p.jar"));
      assertThat(child.assign(jar, Map.of(), Map.of("task", "x")).spooled().end)
          .isEqualTo("FAILED p.jar has no task \"x\", only t.");
    }
  }

  @Test
  void aGpuThatThisInstallationCannotUseIsRefused() throws Exception {
    try (Child child = Child.runner(dir, false)) {
      Path jar = new TestJar().task(TRAIN).build(dir.resolve("p.jar"));
      assertThat(child.assign(jar, Map.of(), Map.of("device", "gpu:0")).spooled().end)
          .startsWith("FAILED gpu:0 was asked for, but this installation has TensorFlow for CPUs");
    }
  }

  @Test
  void onAMachineWithoutAGpuTheCpuIsTakenAndTheRunSaysWhy() throws Exception {
    // The name tells that this TensorFlow could use a GPU; whether there is one, it is asked itself.
    Path forGpus = Files.write(dir.resolve("tensorflow-core-native-1.1.0-linux-x86_64-gpu.jar"), new byte[0]);
    Path jar = new TestJar().task(TRAIN).build(dir.resolve("p.jar"));
    try (Child child = Child.runner(Files.createDirectories(dir.resolve("auto")), forGpus)) {
      Child.Spooled spooled = child.assign(jar, Map.of()).spooled();
      assertThat(spooled.end).isEqualTo("FINISHED");
      assertThat(spooled.provenance).containsEntry("device", "cpu");
      assertThat(spooled.provenance.get("device.fallback")).contains("TensorFlow cannot compute on GPU 0 (");
      assertThat(child.output()).contains("WARN Devices - The CPU is used, not a GPU: ");
    }
    try (Child child = Child.runner(Files.createDirectories(dir.resolve("gpu")), forGpus)) {
      assertThat(child.assign(jar, Map.of(), Map.of("device", "gpu:3")).spooled().end)
          .startsWith("FAILED gpu:3 was asked for, but ")
          .contains("TensorFlow cannot compute on GPU 3 (")
          .endsWith("Choose cpu, or auto, which takes what works.");
    }
    try (Child child = Child.runner(Files.createDirectories(dir.resolve("cpu")), forGpus)) {
      Child.Spooled spooled = child.assign(jar, Map.of(), Map.of("device", "cpu")).spooled();
      assertThat(spooled.provenance).containsEntry("device", "cpu").doesNotContainKey("device.fallback");
    }
  }

  @Test
  void withoutAnAssignmentItLeavesWhenTheHubIsGone() throws Exception {
    try (Child child = Child.runner(dir, false)) {
      assertThat(child.say("").await()).isZero();
      assertThat(child.output()).isEmpty();
    }
  }

  @Test
  void anAssignmentThatIsNoneIsSaid() throws Exception {
    try (Child child = Child.runner(dir, false)) {
      assertThat(child.say("{\"run\":\n").await()).isEqualTo(2);
      assertThat(child.output()).contains("The assignment cannot be read");
    }
    try (Child child = Child.runner(dir, false)) {
      Path jar = new TestJar().task(TRAIN).build(dir.resolve("p.jar"));
      assertThat(child.assign(jar, Map.of(), Map.of("checkpoint_every", "often")).await()).isEqualTo(2);
      assertThat(child.output()).contains("checkpoint_every is seconds (30s), epochs (2epochs) or never, not \"often\"");
    }
    try (Child child = Child.runner(dir, false)) {
      assertThat(child.say("{\"mode\":\"dream\"}\n").await()).isEqualTo(2);
      assertThat(child.output()).contains("the mode is train, predict, generate or score, not \"dream\"");
    }
  }

  private Child.Spooled run(TestJar jar, Map<String, ?> params) throws Exception {
    try (Child child = Child.runner(dir, false)) {
      return child.assign(jar.build(dir.resolve("p.jar")), params).spooled();
    }
  }

  private String output() throws Exception {
    return Files.readString(dir.resolve("output.log"));
  }
}
