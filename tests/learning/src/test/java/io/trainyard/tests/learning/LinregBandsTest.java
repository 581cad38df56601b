package io.trainyard.tests.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.linreg.Linreg;
import io.trainyard.testkit.RecordingRun;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bands of the course's linear regression (1000 points, w = [2, -3.4], b = 4.2, noise .01, learning rate .03, batch
 * 10). The loss at the optimum is the noise's: half of its variance, 5e-5, from scratch; its variance, 1e-4, concise.
 */
@Timeout(120)
final class LinregBandsTest {
  @ParameterizedTest
  @MethodSource("seeds")
  void afterThreeEpochsTheLossIsTheNoisesAndAfterFiveTheWeightsAreFound(String implementation, long seed)
      throws Exception {
    RecordingRun run = run(implementation, seed);
    double loss = run.values("epoch/train_loss")[2];
    if (implementation.equals("scratch")) {
      assertThat(loss).isBetween(4e-5, 7e-5);
    } else {
      assertThat(loss).isBetween(8e-5, 1.4e-4);
    }
    assertThat(run.values("error/w")[2]).isLessThan(5e-3);
    assertThat(run.values("error/b")[2]).isLessThan(5e-3);
    assertThat(run.values("error/w")[4]).isLessThan(2e-3);
    assertThat(run.values("error/b")[4]).isLessThan(2e-3);
  }

  static Stream<Arguments> seeds() {
    return Stream.of("scratch", "concise")
        .flatMap(it -> Stream.of(1L, 2L, 3L).map(seed -> Arguments.of(it, seed)));
  }

  @Test
  void anotherJvmTrainsTheSameBits() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Fingerprint.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String there = new String(child.getInputStream().readAllBytes()).strip();
    assertThat(child.waitFor()).isZero();
    assertThat(there).isEqualTo(Fingerprint.take());
  }

  private static RecordingRun run(String implementation, long seed) throws Exception {
    return new RecordingRun(new Linreg()).param("implementation", implementation).seed(seed).train();
  }

  /** A number for all points of a training, and its last loss for people. */
  static final class Fingerprint {
    private Fingerprint() {}

    public static void main(String[] args) throws Exception {
      System.out.println(take());
    }

    static String take() throws Exception {
      RecordingRun run = run("scratch", 5);
      return run.repeatable().hashCode() + " " + run.last("epoch/train_loss");
    }
  }
}
