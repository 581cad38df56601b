package io.trainyard.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The short variant of the flips of {@code tests/crash/run}. */
final class BitFlipTest {
  @Test
  void flippedBitIsNeverAnsweredAsAValue() throws IOException {
    BitFlips flips = new BitFlips(BitFlips.scratch(), 60);
    flips.run(120);
    System.out.print(flips.table());
    assertThat(flips.flips()).isEqualTo(120);
  }
}
