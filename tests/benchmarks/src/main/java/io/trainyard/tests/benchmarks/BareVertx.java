package io.trainyard.tests.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/** The least server that Vert.x can be: what a hub's start is compared with. Runs in a process of its own. */
public final class BareVertx {
  private BareVertx() {}

  public static void main(String[] args) {
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(4).setPreferNativeTransport(false))
        .createHttpServer()
        .requestHandler(request -> request.response().end("ok"))
        .listen(Integer.parseInt(args[0]), "127.0.0.1");
  }
}
