package io.trainyard.runner;

import io.trainyard.client.SpoolWriter;
import io.trainyard.spi.Device;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import io.trainyard.spi.TaskSpec;
import io.trainyard.tests.benchmarks.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@code run.log} costs the training thread: the run that a task really gets, with its spool on the disk. JMH's
 * threads call.
 *
 * <p>In this package because that run is the runner's own affair. Each iteration has a spool of its own and ends before
 * that is full: a point that is lost is cheaper, and would be measured instead.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class RunLog {
  private static final Metric LOSS = Metric.minimize("train/loss");
  private static final int BLOCK = 100;

  /**
   * In memory it is the code that is measured; on the disk also how fast the kernel gets rid of a gigabyte a second.
   */
  @Param({"memory", "disk"})
  public String spoolOn = "memory";

  private final float[] values = new float[BLOCK];
  private Path folder = Path.of("");
  private SpoolWriter spool;
  private Run run;
  private long step;

  @Setup(Level.Iteration)
  public void open() throws IOException {
    Path memory = Path.of("/dev/shm");
    boolean inMemory = spoolOn.equals("memory") && Files.isDirectory(memory);
    Path parent = inMemory ? memory : Path.of(System.getProperty("trainyard.scratch"));
    folder = Files.createTempDirectory(Files.createDirectories(parent), "trainyard-log");
    spool = SpoolWriter.open(folder.resolve("spool"), 4L << 30);
    Assignment assignment =
        new Assignment(
            "0".repeat(32),
            1,
            1,
            folder,
            folder,
            "",
            "benchmark",
            Map.of(),
            1,
            "cpu",
            null,
            new Inputs(Map.of()),
            SpoolWriter.DEFAULT_LIMIT,
            null,
            Interval.parse("30s"));
    // A metric that judges checkpoints is looked for at each point, as in most tasks; here it is another one.
    TaskSpec spec = TaskSpec.of("benchmark", "Benchmark").best(Metric.maximize("test/accuracy"));
    run = new SpooledRun(assignment, spec, Device.CPU, spool);
    step = 0;
  }

  @TearDown(Level.Iteration)
  public void close() throws IOException {
    long lost = spool.control().lost();
    spool.close();
    Scratch.delete(folder);
    if (lost > 0) {
      throw new IllegalStateException(lost + " points were lost: the figure would be too good");
    }
  }

  @Benchmark
  public void point() {
    run.log(LOSS, ++step, 0.5);
  }

  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public void pointOfABlockOf100() {
    run.log(LOSS, new Steps(step + 1, BLOCK), values);
    step += BLOCK;
  }
}
