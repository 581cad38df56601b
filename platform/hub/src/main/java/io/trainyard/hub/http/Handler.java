package io.trainyard.hub.http;

import io.vertx.core.Future;

/** Answers one route. Called on the server's event loop, which it must not block. */
@FunctionalInterface
public interface Handler {
  /** What it throws or fails with becomes a problem; see {@link Problems}. */
  Future<Answer> handle(Call call);
}
