package io.trainyard.tests.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Says how fast the machine is at the moment, by work that never changes: figures of two days compare by it. */
final class Calibration {
  private static final int ROUNDS = 100_000_000;
  private static final int BLOCK = 1 << 20;

  private Calibration() {}

  /** The median of five: one thread's arithmetic, bytes written and forced, small forces. */
  static String line() throws IOException {
    double[] cpu = new double[5];
    double[] write = new double[5];
    double[] force = new double[5];
    try (Scratch scratch = new Scratch("calibration")) {
      for (int i = 0; i < 5; i++) {
        cpu[i] = arithmetic();
        write[i] = sequential(scratch.path().resolve("write" + i));
        force[i] = small(scratch.path().resolve("force" + i));
      }
    }
    return String.format(
        Locale.ROOT,
        "calibration: 100 M xorshifts %.0f ms; 64 MiB written and forced at %.0f MiB/s; force of 4 KiB %.2f ms;"
            + " load %.1f",
        Figures.median(cpu),
        Figures.median(write),
        Figures.median(force),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static double arithmetic() {
    long start = System.nanoTime();
    long x = 88172645463325252L;
    for (int i = 0; i < ROUNDS; i++) {
      x ^= x << 13;
      x ^= x >>> 7;
      x ^= x << 17;
    }
    double millis = (System.nanoTime() - start) / 1e6;
    if (x == 0) {
      throw new AssertionError("xorshift never gets to 0");
    }
    return millis;
  }

  private static double sequential(Path file) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long start = System.nanoTime();
      for (int i = 0; i < 64; i++) {
        channel.write(block.clear());
      }
      channel.force(false);
      return 64 / ((System.nanoTime() - start) / 1e9);
    }
  }

  private static double small(Path file) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(4096);
    double[] millis = new double[40];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < millis.length; i++) {
        channel.write(block.clear());
        long start = System.nanoTime();
        channel.force(false);
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    return Figures.median(millis);
  }
}
