package io.trainyard.hub.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/** Ends connections whose other end takes nothing any more. */
public final class Connections {
  private Connections() {}

  /**
   * Cuts it at once. Vert.x's own ways (close, reset) wait in line behind what the other end does not take, that is, for ever; its public
   * interface has no other, so this asks Netty, from below Vert.x's own handler.
   */
  public static void cut(HttpServerRequest request) {
    if (request.connection() instanceof ConnectionBase connection) {
      connection.channelHandlerContext().close();
    } else {
      request.connection().close();
    }
  }
}
