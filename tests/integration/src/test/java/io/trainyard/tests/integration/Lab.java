package io.trainyard.tests.integration;

import java.io.IOException;
import java.nio.file.Path;

/** A plugin whose task does whatever a plugin may do to its runner: the param {@code act} says what. */
final class Lab {
  static final String FILE = "lab-1.0.jar";
  static final String TASK = "lab";

  private static final String SOURCE =
      """
      package lab;

      import io.trainyard.spi.*;
      import java.util.*;

      public final class Lab implements Task {
        static final Param.Choice ACT = Param.choice("act", "what to do after the steps",
            "finish", "throw", "exit", "halt", "abort", "crash", "diverge", "hang", "print", "flood", "leak",
            "overflow", "data");
        static final Param.Int STEPS = Param.integer("steps", 20, "how many steps").between(1, 1_000_000);
        static final Param.Int PAUSE = Param.integer("pause_ms", 0, "pause after each step, in ms").between(0, 10_000);
        static final Param.Int MEGABYTES = Param.integer("megabytes", 1, "how much to print").atLeast(0);
        static final Param.Real RATE = Param.real("learning_rate", 0.5, "decides nothing").above(0);
        static final Param.Flag SHUFFLE = Param.flag("shuffle", true, "decides nothing");
        static final Param.Many<Double> WEIGHTS =
            Param.list(Param.real("weights", 0, "decides nothing"), List.of(1.0, 2.0));
        static final Param.Maybe<Double> CLIP = Param.optional(Param.real("clip", 1, "decides nothing").above(0));
        static final Param.Text NOTE = Param.text("note", "", "printed at the start");
        static final Metric LOSS = Metric.minimize("train/loss");
        static final Metric NORM = Metric.of("grad/norm");

        @Override
        public TaskSpec spec() {
          return TaskSpec.of("lab", "Laboratory").description("Does what it is told.")
              .params(ACT, STEPS, PAUSE, MEGABYTES, RATE, SHUFFLE, WEIGHTS, CLIP, NOTE).metrics(LOSS, NORM);
        }

        @Override
        public void train(Run run) throws Exception {
          if (!run.get(NOTE).isEmpty()) {
            System.out.println(run.get(NOTE));
          }
          String act = run.get(ACT);
          if (act.equals("data")) {
            throw new InvalidDataException(
                "The corpus has 3 words, the window takes 5. Give a longer one with --data.");
          }
          Random random = new Random(run.seed());
          int steps = Math.toIntExact(run.get(STEPS));
          for (Epoch epoch : run.epochs(1)) {
            for (Steps block : epoch.steps(steps, 1)) {
              run.log(LOSS, block.first(), 10.0 / block.first() + 0.1 * random.nextDouble());
              run.log(NORM, block.first(), random.nextDouble());
              if (run.get(PAUSE) > 0) {
                Thread.sleep(run.get(PAUSE));
              }
            }
          }
          if (!run.stopping()) {
            act(act, run);
          }
        }

        private static void act(String act, Run run) throws Exception {
          switch (act) {
            case "throw" -> throw new IllegalStateException("the lab is on fire");
            case "exit" -> System.exit(0);
            case "halt" -> Runtime.getRuntime().halt(3);
            case "abort" -> {
              System.err.println("last words before the abort");
              new ProcessBuilder("kill", "-ABRT", Long.toString(ProcessHandle.current().pid())).start();
              Thread.sleep(60_000);
            }
            case "crash" -> {
              System.err.println("last words before the crash");
              var field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
              field.setAccessible(true);
              Object unsafe = field.get(null);
              unsafe.getClass().getMethod("putAddress", long.class, long.class).invoke(unsafe, 0L, 0L);
            }
            case "diverge" -> throw new DivergedException(run.get(STEPS), "the loss is not finite");
            case "hang" -> {
              while (true) {
                try {
                  Thread.sleep(1_000);
                } catch (InterruptedException ignored) {
                  continue;
                }
              }
            }
            case "print" -> {
              System.out.println("to standard output");
              System.err.println("to standard error");
              System.out.println("mit Umlauten: \\u00fcber \\u4e2d\\u6587 \\ud83d\\ude82");
              Class<?> loggers = Class.forName("org.slf4j.LoggerFactory");
              Object logger = loggers.getMethod("getLogger", String.class).invoke(null, "lab");
              Class.forName("org.slf4j.Logger").getMethod("warn", String.class)
                  .invoke(logger, "through the logging facade");
              new ProcessBuilder("sh", "-c", "echo natively, past Java >&2").inheritIO().start().waitFor();
            }
            case "flood" -> {
              byte[] line = ("0123456789".repeat(10) + "\\n").getBytes();
              byte[] chunk = new byte[line.length * 1000];
              for (int i = 0; i < 1000; i++) {
                System.arraycopy(line, 0, chunk, i * line.length, line.length);
              }
              System.out.write("the first line\\n".getBytes());
              System.out.flush();
              var raw = new java.io.FileOutputStream(java.io.FileDescriptor.out);
              for (long left = run.get(MEGABYTES) * 1_000_000; left > 0; left -= chunk.length) {
                raw.write(chunk);
              }
              raw.write("the last line\\n".getBytes());
            }
            case "leak" -> {
              Thread leaked = new Thread(() -> {
                while (true) {
                  try {
                    Thread.sleep(1_000);
                  } catch (InterruptedException e) {
                    continue;
                  }
                }
              });
              leaked.start();
            }
            case "overflow" -> overflow(1);
            default -> { }
          }
        }

        private static int overflow(int depth) {
          return overflow(depth + 1) + overflow(depth + 2);
        }
      }
      """;

  private Lab() {}

  static PluginJar jar() {
    return PluginJar.of("lab.Lab", SOURCE);
  }

  /** Puts it where a hub of this home finds it. */
  static Path install(Path home) throws IOException {
    return jar().into(home.resolve("plugins"), FILE);
  }
}
