package io.trainyard.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ParamReadTest {
  @Test
  void numbersOfJsonBecomeTheParamsType() {
    Param.Int epochs = Param.integer("epochs", 5, "passes").atLeast(1);
    assertThat(epochs.read(3)).isEqualTo(3L);
    assertThat(epochs.read(3.0)).isEqualTo(3L);
    Param.Real rate = Param.real("rate", 0.03, "size of a step").above(0);
    assertThat(rate.read(1)).isEqualTo(1.0);
    assertThat(rate.read(0.1f)).isEqualTo(0.1);
    assertThat(Param.flag("shuffle", true, "").read(false)).isFalse();
    assertThat(Param.choice("way", "", "scratch", "concise").read("concise")).isEqualTo("concise");
    assertThat(Param.list(rate, List.of()).read(List.of(1, 2.5))).containsExactly(1.0, 2.5);
    assertThat(Param.optional(epochs).read(7)).isEqualTo(Optional.of(7L));
  }

  @Test
  void whatBreaksARuleIsSaidWithTheRuleAndTheValue() {
    Param.Int epochs = Param.integer("epochs", 5, "passes");
    Param.Real rate = Param.real("rate", 0.03, "size of a step").above(0);
    fails(epochs.between(1, 9), 10, "must be from 1 to 9, but is 10");
    fails(epochs.atLeast(1), 0, "must be at least 1, but is 0");
    fails(epochs, 2.5, "must be a whole number, but is 2.5");
    fails(epochs, "7", "must be a whole number, but is 7");
    fails(epochs, BigInteger.TWO.pow(64), "must be a whole number, but is 18446744073709551616");
    fails(rate, -1, "must be greater than 0, but is -1");
    fails(rate, 0.0, "must be greater than 0, but is 0.0");
    fails(rate, Double.NaN, "must be a finite number, but is NaN");
    fails(rate, BigInteger.TEN.pow(400), "must be a finite number, but is 1000");
    fails(rate.between(0, 0.5), 0.6, "must be at most 0.5, but is 0.6");
    fails(Param.flag("shuffle", true, ""), "yes", "must be true or false, but is yes");
    fails(Param.choice("way", "", "scratch", "concise"), "magic", "must be one of scratch, concise, but is magic");
    fails(Param.text("corpus", "", ""), 5, "must be text, but is 5");
    fails(Param.text("corpus", "", ""), "x".repeat(10_001), "must have at most 10000 characters, but has 10001");
    fails(Param.list(rate, List.of(1.0)).size(1, 2), List.of(), "must have 1 to 2 values, but has 0");
    fails(Param.list(rate, List.of(1.0)), Arrays.asList(1, null), "value 2 must be a finite number, but is null");
    fails(Param.list(rate, List.of(1.0)), 5, "must be a list, but is 5");
    fails(Param.optional(epochs.atLeast(3)), 2, "must be at least 3, but is 2");
  }

  private static void fails(Param<?> param, Object value, String message) {
    assertThatThrownBy(() -> param.read(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
