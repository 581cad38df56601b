package io.trainyard.core.agent;

import io.trainyard.core.run.JavaCommand;
import java.util.List;

/**
 * How an agent works.
 *
 * @param java how to start a runner
 * @param jvmFlags of each runner: its heap
 * @param warm whether one runner is kept ready, TensorFlow loaded
 * @param graceMs from asking a runner to stop to killing it
 * @param batchMs at least so often what a runner logged is sent, while it logs
 * @param silentMs a runner whose heart has not beaten for so long is reported as unreachable
 * @param abandonMs and after so long it is killed
 * @param spoolLimitBytes of one attempt, before its points are lost (and counted)
 */
public record AgentOptions(
    JavaCommand java,
    List<String> jvmFlags,
    boolean warm,
    long graceMs,
    long batchMs,
    long silentMs,
    long abandonMs,
    long spoolLimitBytes) {

  public static AgentOptions of(JavaCommand java) {
    List<String> flags = List.of("-Xmx1g", "-XX:+UseSerialGC", "-Xshare:auto");
    return new AgentOptions(java, flags, true, 10_000, 40, 30_000, 24 * 3_600_000L, 1L << 30);
  }

  public AgentOptions warm(boolean keep) {
    return new AgentOptions(java, jvmFlags, keep, graceMs, batchMs, silentMs, abandonMs, spoolLimitBytes);
  }

  public AgentOptions graceMs(long grace) {
    return new AgentOptions(java, jvmFlags, warm, grace, batchMs, silentMs, abandonMs, spoolLimitBytes);
  }
}
