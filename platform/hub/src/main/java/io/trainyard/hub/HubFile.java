package io.trainyard.hub;

import io.trainyard.core.run.Home;
import io.trainyard.hub.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where the hub that is up says where it is: {@code hub.json} in the data folder, for the command line. */
final class HubFile {
  private HubFile() {}

  static void write(Home home, String url, int port, String instance, String version) throws IOException {
    byte[] json =
        Json.bytes(
            out -> {
              out.writeStartObject();
              out.writeNumberField("pid", ProcessHandle.current().pid());
              out.writeStringField("url", url);
              out.writeNumberField("port", port);
              out.writeStringField("instance", instance);
              out.writeStringField("version", version);
              out.writeEndObject();
            });
    Path file = home.hubFile();
    Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), ".hub", null, Token.ownerOnly());
    Files.write(draft, json);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static void remove(Home home) throws IOException {
    Files.deleteIfExists(home.hubFile());
  }
}
