package io.trainyard.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InOrderTest {
  private final InOrder<String> order = new InOrder<>();
  private final List<String> announced = new ArrayList<>();

  @Test
  void whatEndsFirstWaitsForWhatCameFirst() {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    order.run(() -> first, announced::add);
    order.run(() -> second, announced::add);
    second.complete("second");
    assertThat(announced).isEmpty();
    first.complete("first");
    assertThat(announced).containsExactly("first", "second");
  }

  @Test
  void aFailureIsPassedOverAndHoldsNobodyUp() {
    CompletableFuture<String> first = new CompletableFuture<>();
    order.run(() -> first, announced::add);
    order.run(() -> CompletableFuture.completedFuture("second"), announced::add);
    first.completeExceptionally(new IllegalStateException("refused"));
    assertThat(announced).containsExactly("second");
  }

  @Test
  void aCallThatThrowsLeavesTheLine() {
    try {
      order.run(
          () -> {
            throw new IllegalStateException("no");
          },
          announced::add);
    } catch (IllegalStateException expected) {
      announced.add("thrown");
    }
    order.run(() -> CompletableFuture.completedFuture("next"), announced::add);
    assertThat(announced).containsExactly("thrown", "next");
  }
}
