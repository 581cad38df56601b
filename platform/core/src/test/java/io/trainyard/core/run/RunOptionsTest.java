package io.trainyard.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.run.InvalidRequest.FieldError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunOptionsTest {
  private static List<FieldError> errors(String name, String value) {
    return RunOptions.errors(Map.of(name, value));
  }

  @Test
  void whatIsNotSaidHasItsDefault() {
    assertThat(RunOptions.complete(Map.of())).isEqualTo(Map.of("device", "auto", "checkpoint_every", "30s"));
    assertThat(RunOptions.complete(Map.of("device", "cpu")))
        .isEqualTo(Map.of("device", "cpu", "checkpoint_every", "30s"));
  }

  @Test
  void everyFormThatTheReferenceNamesIsTaken() {
    for (String device : List.of("auto", "cpu", "gpu:0", "gpu:7")) {
      assertThat(errors("device", device)).as(device).isEmpty();
    }
    for (String every : List.of("1s", "30s", "2epochs", "never")) {
      assertThat(errors("checkpoint_every", every)).as(every).isEmpty();
    }
  }

  @Test
  void whatCannotBeIsAnErrorOfItsFieldThatSaysWhatCan() {
    for (String device : List.of("", "tpu", "gpu", "gpu:-1", "GPU:0", "cpu ")) {
      assertThat(errors("device", device)).as(device).extracting(FieldError::field).containsExactly("options.device");
    }
    for (String every : List.of("", "30", "0s", "-1s", "1.5s", "0epochs", "2 epochs", "always")) {
      assertThat(errors("checkpoint_every", every))
          .as(every)
          .extracting(FieldError::field)
          .containsExactly("options.checkpoint_every");
    }
    assertThat(errors("device", "tpu").get(0).message())
        .isEqualTo("must be auto, cpu or gpu:N (gpu:0, say), but is \"tpu\"");
    assertThat(errors("checkpoint_evry", "30s"))
        .containsExactly(
            new FieldError("options.checkpoint_evry", "is not a run option; did you mean checkpoint_every?"));
  }
}
