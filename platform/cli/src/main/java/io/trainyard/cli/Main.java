package io.trainyard.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line: {@code trainyard COMMAND}. */
@Command(
    name = "trainyard",
    description = "Launches training tasks, records every step of them, and shows them live.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nFirst steps:%n",
    footer = {
      "  trainyard demo                       train something and watch it",
      "  trainyard tasks                      what can be trained",
      "  trainyard run linreg --help          what a task takes",
      "  trainyard run linreg --epochs 10     train it",
      "  trainyard runs                       what was trained"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      " 0:done",
      " 1:the run failed or diverged, or the command did",
      " 2:bad input",
      " 3:no hub could be reached or started",
      " 4:there is no such run, task or experiment",
      " 5:verify has found damage",
      " 6:doctor misses something",
      " 7:the run was stopped",
      " 8:the replay differs from its run"
    })
public final class Main {
  /**
   * In the order of the help. Only the command that is asked for is built: picocli takes 15 ms to read the annotations of
   * one, and the hub is to be up at once.
   */
  private static final List<Map.Entry<String, Class<?>>> COMMANDS =
      List.of(
          Map.entry("demo", DemoCommand.class),
          Map.entry("up", UpCommand.class),
          Map.entry("run", RunCommand.class),
          Map.entry("runs", RunsCommand.class),
          Map.entry("show", ShowCommand.class),
          Map.entry("stop", StopCommand.class),
          Map.entry("resume", ResumeCommand.class),
          Map.entry("rerun", RerunCommand.class),
          Map.entry("replay", ReplayCommand.class),
          Map.entry("predict", PredictCommand.class),
          Map.entry("generate", GenerateCommand.class),
          Map.entry("score", ScoreCommand.class),
          Map.entry("artifacts", ArtifactsCommand.class),
          Map.entry("tasks", TasksCommand.class),
          Map.entry("plugins", PluginsCommand.class),
          Map.entry("export", ExportCommand.class),
          Map.entry("verify", VerifyCommand.class),
          Map.entry("doctor", DoctorCommand.class));

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs a command in this process; answers its exit status. */
  static int run(String... args) {
    // The hub's log goes to standard error in one line an event; a command's own output is all that standard output
    // has.
    defaultProperty("org.slf4j.simpleLogger.logFile", "System.err");
    defaultProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    defaultProperty("org.slf4j.simpleLogger.showDateTime", "true");
    defaultProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSS");
    defaultProperty("org.slf4j.simpleLogger.showShortLogName", "true");
    defaultProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
    // At the end of a hub some announcements are under way to nobody, which is nothing to warn of.
    defaultProperty("org.slf4j.simpleLogger.log.io.vertx.core.eventbus.impl.MessageConsumerImpl", "error");
    CommandLine line = new CommandLine(new Main());
    String asked = args.length == 0 ? "" : args[0];
    boolean known = COMMANDS.stream().anyMatch(it -> it.getKey().equals(asked));
    COMMANDS.stream()
        .filter(it -> !known || it.getKey().equals(asked))
        .forEach(it -> line.addSubcommand(it.getKey(), it.getValue()));
    // A value that starts with @ is a value: expanding it would read any file of this machine.
    line.setExpandAtFiles(false);
    line.setUsageHelpLongOptionsMaxWidth(32);
    line.setUsageHelpWidth(100);
    line.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          PrintWriter err = command.getErr();
          if (error instanceof CommandException failure) {
            err.println("trainyard: " + failure.getMessage());
            return failure.exitCode();
          }
          err.println("trainyard: this is a fault of Trainyard, please report it:");
          error.printStackTrace(err);
          return ExitCode.FAILED;
        });
    line.setParameterExceptionHandler(
        (ParameterException error, String[] given) -> {
          CommandLine command = error.getCommandLine();
          PrintWriter err = command.getErr();
          err.println("trainyard: " + error.getMessage());
          if (!CommandLine.UnmatchedArgumentException.printSuggestions(error, err)) {
            String name = command.getParent() == null ? "" : command.getCommandName() + " ";
            err.println("Try 'trainyard " + name + "--help'.");
          }
          return ExitCode.BAD_INPUT;
        });
    return line.execute(args);
  }

  private static void defaultProperty(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
