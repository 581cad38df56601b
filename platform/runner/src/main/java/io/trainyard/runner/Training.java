package io.trainyard.runner;

import io.trainyard.client.SpoolWriter;
import io.trainyard.spi.DivergedException;
import io.trainyard.spi.InvalidDataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a run, from the loading of its plugin to its end record. The thread "train" works, the main thread
 * waits.
 */
final class Training {
  private static final Logger log = LoggerFactory.getLogger(Training.class);

  private final Assignment assignment;
  private final SpoolWriter spool;

  Training(Assignment assignment) {
    this.assignment = assignment;
    this.spool = SpoolWriter.open(assignment.directory(), assignment.spoolLimitBytes());
  }

  /** Returns when the end is in the spool. */
  void run() throws InterruptedException {
    Heartbeat.start(spool.control(), assignment.directory());
    Runtime.getRuntime().addShutdownHook(new Thread(new LastWords(spool), "last-words"));
    // A recursive model is no reason to run out of stack: 16 MiB are only reserved until they are used.
    Thread train = new Thread(null, this::train, "train", 16 << 20);
    train.start();
    train.join();
    System.out.flush();
    System.err.flush();
  }

  /** Whatever happens in here becomes an end record. */
  private void train() {
    String state;
    String reason;
    SpooledRun run = null;
    try {
      Plugin plugin = Plugin.pinned(assignment.plugin(), assignment.pluginSha256());
      Plugin.Loaded loaded = plugin.task(assignment.task());
      Devices.Choice device = Devices.choose(assignment.device());
      Provenance.record(spool, assignment, plugin.version(), device);
      run = new SpooledRun(assignment, loaded.spec(), device.device(), spool);
      Thread.currentThread().setContextClassLoader(plugin.loader());
      loaded.task().train(run);
      state = run.stopSeen() ? "STOPPED" : "FINISHED";
      reason = run.stopSeen() ? "stopped after step " + run.steps() : "";
    } catch (DivergedException e) {
      state = "DIVERGED";
      reason = "diverged at step " + e.step() + ": " + e.getMessage();
      log.error(reason);
    } catch (PluginException | InvalidDataException e) {
      // Written for people, who need no stack trace.
      state = "FAILED";
      reason = String.valueOf(e.getMessage());
      log.error(reason);
    } catch (Throwable e) {
      // Errors too: OutOfMemoryError, StackOverflowError and LinkageError are the plugin's, and the process ends next.
      state = "FAILED";
      reason = Reasons.of(e);
      log.error("The task failed", e);
    }
    spool.end(state, reason, System.currentTimeMillis());
  }
}
