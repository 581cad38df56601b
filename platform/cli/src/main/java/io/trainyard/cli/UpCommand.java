package io.trainyard.cli;

import io.trainyard.hub.Hub;
import io.trainyard.hub.HubConfig;
import io.trainyard.hub.HubOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trainyard up}. */
@Command(
    name = "up",
    description = "Starts the hub and stays until Ctrl-C. Runs of earlier starts are there again.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Where to listen (${DEFAULT-VALUE}); 0 takes any free port.")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "The address to bind (${DEFAULT-VALUE}); any other needs --token-file.")
  private String host = "127.0.0.1";

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "2",
      description = "So many runs at once (${DEFAULT-VALUE}).")
  private int slots;

  @Option(
      names = "--allowed-host",
      paramLabel = "NAME",
      description = "A Host header to accept besides the bound address; may be given several times.")
  private List<String> allowedHosts = new ArrayList<>();

  @Option(names = "--require-token", description = "Ask for the token on loopback too.")
  private boolean requireToken;

  @Option(
      names = "--web",
      paramLabel = "FOLDER",
      hidden = true,
      description = "Serve the dashboard from this folder (for its developers).")
  private @Nullable Path web;

  @Override
  public Integer call() throws InterruptedException {
    Hub hub = HubStart.start(this::config);
    PrintWriter out = Cli.out(spec);
    out.println("Trainyard is up. Open this link once, it lets the browser launch and stop runs:");
    out.println("  " + hub.loginUrl());
    out.println("Data: " + home.home().root() + "   Stop: Ctrl-C");
    out.flush();
    untilInterrupted(hub);
    return ExitCode.OK;
  }

  private HubConfig config() {
    HubConfig config = Installation.config(home.home());
    String token = home.tokenFile() == null ? null : Installation.token(home.tokenFile());
    HubOptions server =
        config
            .server()
            .listen(host, port, token)
            .slots(slots)
            .allowedHosts(allowedHosts)
            .requireToken(requireToken)
            .webRoot(web);
    return config.server(server);
  }

  /** Ctrl-C ends the hub and, in order, its runners; then the process. */
  static void untilInterrupted(Hub hub) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(hub::close, "shutdown"));
    new CountDownLatch(1).await();
  }
}
