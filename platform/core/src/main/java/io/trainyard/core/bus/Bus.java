package io.trainyard.core.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The event bus with types: who sends to an {@link Addresses address} sends its message, who answers, answers its
 * reply. Messages are immutable records and travel by reference; any thread may send.
 *
 * <p>Vert.x's own replies can carry a failure only as a number and a text. Within one process an exception can stay
 * what it is, so replies travel as an {@link Outcome}.
 */
public final class Bus {
  /** A message for whoever listens; published. */
  public record Topic<M>(String name) {}

  /**
   * A question with an answer.
   *
   * @param timeoutMs whoever asks waits no longer than this
   */
  public record Service<Q, R>(String name, long timeoutMs) {
    /** One that is answered within a minute. */
    public Service(String name) {
      this(name, 60_000);
    }
  }

  private record Outcome(@Nullable Object value, @Nullable Throwable error) {}

  private static final String BY_REFERENCE = "trainyard.by-reference";

  private final Vertx vertx;
  private final DeliveryOptions options;

  /** At most one for each Vert.x. */
  public Bus(Vertx vertx) {
    this.vertx = vertx;
    vertx.eventBus().registerCodec(new ByReference());
    this.options = new DeliveryOptions().setCodecName(BY_REFERENCE).setLocalOnly(true);
  }

  public <M> void publish(Topic<M> topic, M message) {
    vertx.eventBus().publish(topic.name(), message, options);
  }

  /** The listener is called in the order of publishing, on the context that registers it. */
  public <M> MessageConsumer<M> listen(Topic<M> topic, Consumer<M> listener) {
    return vertx.eventBus().localConsumer(topic.name(), (Message<M> message) -> listener.accept(message.body()));
  }

  /** Fails with the exception that the service failed with. */
  @SuppressWarnings("unchecked")
  public <Q, R> Future<R> request(Service<Q, R> service, Q question) {
    return vertx
        .eventBus()
        .<Outcome>request(
            service.name(), question, new DeliveryOptions(options).setSendTimeout(service.timeoutMs()))
        .compose(
            reply -> {
              Outcome outcome = reply.body();
              return outcome.error() == null
                  ? Future.succeededFuture((R) outcome.value())
                  : Future.failedFuture(outcome.error());
            });
  }

  /** Answers questions; one thrown exception is one failed answer. */
  public <Q, R> MessageConsumer<Q> serve(Service<Q, R> service, Function<Q, CompletionStage<R>> handler) {
    return vertx
        .eventBus()
        .localConsumer(
            service.name(),
            (Message<Q> message) -> {
              CompletionStage<R> answer;
              try {
                answer = handler.apply(message.body());
              } catch (RuntimeException e) {
                message.reply(new Outcome(null, e), options);
                return;
              }
              answer.whenComplete(
                  (value, error) -> message.reply(new Outcome(value, error == null ? null : cause(error)), options));
            });
  }

  private static Throwable cause(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
  }

  private static final class ByReference implements MessageCodec<Object, Object> {
    @Override
    public void encodeToWire(Buffer buffer, Object message) {
      throw new UnsupportedOperationException("messages do not leave this process");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
      throw new UnsupportedOperationException("messages do not enter this process");
    }

    @Override
    public Object transform(Object message) {
      return message;
    }

    @Override
    public String name() {
      return BY_REFERENCE;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
