package io.trainyard.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.core.model.ParamSpec;
import io.trainyard.core.run.InvalidRequest.FieldError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParamCheckTest {
  private static final ParamSpec EPOCHS = spec("epochs", "int", 5L, 1, 100, false);
  private static final ParamSpec RATE = spec("learning_rate", "real", 0.03, 0, null, true);
  private static final ParamSpec SHUFFLE = spec("shuffle", "flag", true, null, null, false);
  private static final ParamSpec KIND =
      new ParamSpec(
          "implementation", "choice", "", "scratch", null, null, false, List.of("scratch", "concise"), 0, 0, 0, null);
  private static final ParamSpec WEIGHTS =
      new ParamSpec(
          "true_w", "list", "", List.of(2.0, -3.4), null, null, false, List.of(), 0, 1, 3,
          spec("true_w", "real", null, null, null, false));
  private static final ParamSpec CLIP =
      new ParamSpec(
          "clip", "optional", "", null, null, null, false, List.of(), 0, 0, 0,
          spec("clip", "real", null, 0, null, true));
  private static final ParamSpec CORPUS =
      new ParamSpec("corpus", "text", "a file", null, null, null, false, List.of(), 10, 0, 0, null);

  private static ParamSpec spec(
      String name, String type, Object fallback, Integer min, Integer max, boolean exclusive) {
    boolean real = type.equals("real");
    Number low = min == null ? null : real ? (Number) min.doubleValue() : (Number) min.longValue();
    Number high = max == null ? null : real ? (Number) max.doubleValue() : (Number) max.longValue();
    return new ParamSpec(name, type, "", fallback, low, high, exclusive, List.of(), 0, 0, 0, null);
  }

  private static List<String> errors(List<ParamSpec> specs, Map<String, Object> given) {
    InvalidRequest refused = catchThrowableOfType(InvalidRequest.class, () -> ParamCheck.check(specs, given));
    assertThat(refused).as("must be refused").isNotNull();
    return refused.errors().stream().map(error -> error.field() + " " + error.message()).toList();
  }

  @Test
  void whatIsNotGivenHasItsDefault() {
    assertThat(ParamCheck.check(List.of(EPOCHS, RATE, SHUFFLE, KIND, WEIGHTS, CLIP), Map.of()))
        .isEqualTo(
            Map.of(
                "epochs", 5L, "learning_rate", 0.03, "shuffle", true, "implementation", "scratch",
                "true_w", List.of(2.0, -3.4)));
  }

  @Test
  void textsOfACommandLineBecomeTheTypesThatAreAskedFor() {
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("epochs", "7");
    given.put("learning-rate", "1e-3");
    given.put("shuffle", "false");
    given.put("true_w", "[1, -2.5]");
    given.put("clip", "none");
    assertThat(ParamCheck.check(List.of(EPOCHS, RATE, SHUFFLE, WEIGHTS, CLIP), given))
        .isEqualTo(Map.of("epochs", 7L, "learning_rate", 0.001, "shuffle", false, "true_w", List.of(1.0, -2.5)));
  }

  @Test
  void numbersOfJsonBecomeTheTypesThatAreAskedFor() {
    Map<String, Object> given = Map.of("epochs", 7.0, "learning_rate", 1, "true_w", 3, "clip", 2);
    assertThat(ParamCheck.check(List.of(EPOCHS, RATE, WEIGHTS, CLIP), given))
        .isEqualTo(Map.of("epochs", 7L, "learning_rate", 1.0, "true_w", List.of(3.0), "clip", 2.0));
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnce() {
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("epochs", 0);
    given.put("learning_rate", "fast");
    given.put("shuffle", "maybe");
    given.put("implementation", "both");
    given.put("true_w", List.of(1.0, "x"));
    given.put("clip", -1);
    given.put("corpus", "more than ten characters");
    given.put("lerning_rate", 1);
    assertThat(errors(List.of(EPOCHS, RATE, SHUFFLE, KIND, WEIGHTS, CLIP, CORPUS), given))
        .containsExactly(
            "params.epochs must be at least 1, but is 0",
            "params.learning_rate must be a finite number, but is \"fast\"",
            "params.shuffle must be true or false, but is \"maybe\"",
            "params.implementation must be one of scratch, concise, but is \"both\"",
            "params.true_w[1] must be a finite number, but is \"x\"",
            "params.clip must be greater than 0, but is -1",
            "params.corpus must have at most 10 characters, but has 24",
            "params.lerning_rate is not a param; did you mean learning_rate?");
  }

  @Test
  void aParamWithoutADefaultMustBeGiven() {
    assertThat(errors(List.of(CORPUS), Map.of())).containsExactly("params.corpus must be given: a file");
  }

  @Test
  void oneParamInTwoSpellingsIsOneTooMany() {
    assertThat(errors(List.of(RATE), Map.of("learning_rate", 1, "learning-rate", 2)))
        .singleElement()
        .asString()
        .endsWith("is given twice");
  }

  @Test
  void neitherNanNorInfinityIsAParam() {
    assertThat(errors(List.of(RATE), Map.of("learning_rate", "NaN"))).hasSize(1);
    assertThat(errors(List.of(RATE), Map.of("learning_rate", Double.POSITIVE_INFINITY))).hasSize(1);
  }

  @Test
  void aFractionIsNotAWholeNumber() {
    assertThat(errors(List.of(EPOCHS), Map.of("epochs", 1.5)))
        .containsExactly("params.epochs must be a whole number, but is 1.5");
    assertThat(errors(List.of(EPOCHS), Map.of("epochs", "99999999999999999999"))).hasSize(1);
  }

  @Test
  void aListHasItsBounds() {
    assertThat(errors(List.of(WEIGHTS), Map.of("true_w", "")))
        .containsExactly("params.true_w must have 1 to 3 elements, but has 0");
    assertThat(errors(List.of(WEIGHTS), Map.of("true_w", "1,2,3,4")))
        .containsExactly("params.true_w must have 1 to 3 elements, but has 4");
  }

  @Test
  void theMessageOfTheWholeNamesEachField() {
    assertThat(new InvalidRequest(List.of(new FieldError("a", "is bad"), new FieldError("b", "is worse"))))
        .hasMessage("a is bad; b is worse");
  }
}
