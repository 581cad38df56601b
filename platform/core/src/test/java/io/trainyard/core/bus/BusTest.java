package io.trainyard.core.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.core.store.StoreException;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusTest {
  private static final Bus.Service<Object, Object> ECHO = new Bus.Service<>("test.echo");

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private Object ask(Object question) {
    return bus.request(ECHO, question).toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void messagesTravelByReference() {
    bus.serve(ECHO, CompletableFuture::completedFuture);
    Object message = new Object();
    assertThat(ask(message)).isSameAs(message);
  }

  @Test
  void anExceptionArrivesAsItIs() {
    StoreException.Gap gap = new StoreException.Gap("4 was expected", 4);
    bus.serve(ECHO, question -> CompletableFuture.failedFuture(gap));
    assertThatThrownBy(() -> ask("?")).isInstanceOf(CompletionException.class).cause().isSameAs(gap);
  }

  @Test
  void aHandlerThatThrowsFailsItsOwnQuestionOnly() {
    bus.serve(
        ECHO,
        question -> {
          if (question.equals("bad")) {
            throw new IllegalArgumentException("bad");
          }
          return CompletableFuture.completedFuture(question);
        });
    assertThatThrownBy(() -> ask("bad")).hasRootCauseMessage("bad");
    assertThat(ask("good")).isEqualTo("good");
  }
}
