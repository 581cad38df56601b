package io.trainyard.hub;

import io.trainyard.core.run.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The token in the data folder: made at the first start, readable by its owner only. Any thread may call. */
public final class Token {
  private static final int BYTES = 32;

  private Token() {}

  /** Reads it; makes it if there is none. */
  public static String of(Home home) {
    Path file = home.token();
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      String token = Files.readString(file).strip();
      if (token.length() < BYTES) {
        throw new IllegalStateException(file + " holds no token (" + token.length() + " characters). Remove it; the next start makes a new one.");
      }
      return token;
    } catch (IOException e) {
      throw new UncheckedIOException("The token in " + file + " cannot be read or made: " + e.getMessage(), e);
    }
  }

  private static void create(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    // Private from its first moment, and in its place only when it is whole.
    Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), ".token", null, ownerOnly());
    try {
      Files.write(draft, (HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.UTF_8));
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Somebody else was faster: theirs counts.
      return;
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  static FileAttribute<?>[] ownerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
        : new FileAttribute<?>[0];
  }
}
