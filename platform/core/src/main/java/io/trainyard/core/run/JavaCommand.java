package io.trainyard.core.run;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to start a JVM that has the runner and TensorFlow on its class path: this JVM's own java, the runnable JAR, and
 * the {@code lib} folder beside it. Pure.
 *
 * @param java the executable
 * @param classPath as for {@code -cp}
 */
public record JavaCommand(Path java, String classPath) {
  /** This JVM's java, and what it runs plus {@code lib/*} beside that. */
  public static JavaCommand beside(Path runnableJar) {
    Path lib = runnableJar.resolveSibling("lib");
    String classPath = runnableJar.toString() + (Files.isDirectory(lib) ? File.pathSeparator + lib.resolve("*") : "");
    return new JavaCommand(Path.of(System.getProperty("java.home"), "bin", "java"), classPath);
  }

  /** The command line of a JVM with this main class. */
  public List<String> main(String mainClass, List<String> flags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    if (Runtime.version().feature() >= 24) {
      // TensorFlow and JavaCPP call native code and sun.misc.Unsafe; 24 and later print warnings without these.
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(flags);
    command.add("-cp");
    command.add(classPath);
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }
}
