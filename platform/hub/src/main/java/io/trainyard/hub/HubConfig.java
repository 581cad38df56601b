package io.trainyard.hub;

import io.trainyard.core.agent.AgentOptions;
import io.trainyard.core.run.Home;
import io.trainyard.core.run.JavaCommand;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a hub is started with.
 *
 * @param jar the runnable JAR; runners and inspectors are started from it and the {@code lib} beside it
 * @param host the address to bind; any but loopback needs a {@code tokenFile}
 * @param port 0 takes any free one
 * @param slots so many runs at once; 0 starts none
 * @param allowedHosts values of the Host header to accept besides the bound address
 * @param requireToken ask for the token on loopback too
 * @param tokenFile a token chosen by the operator; null: one is made in the home at the first start
 * @param webFolder the dashboard's files; null: those in the JAR
 * @param agent how runners are run
 */
public record HubConfig(
    Home home,
    Path jar,
    String host,
    int port,
    int slots,
    List<String> allowedHosts,
    boolean requireToken,
    @Nullable Path tokenFile,
    @Nullable Path webFolder,
    AgentOptions agent) {

  /** The defaults: loopback, any free port, two slots, a warm runner. */
  public static Builder of(Home home, Path jar) {
    return new Builder(
        new HubConfig(
            home, jar, "127.0.0.1", 0, 2, List.of(), false, null, null, AgentOptions.of(JavaCommand.beside(jar))));
  }

  /** Plugins that came with the program. */
  Path builtInPlugins() {
    return jar.resolveSibling("plugins");
  }

  /** Changes one thing at a time; each call answers a new builder. */
  public record Builder(HubConfig config) {
    public Builder host(String host) {
      return with(host, config.port, config.slots, config.allowedHosts, config.requireToken, config.tokenFile, config.webFolder, config.agent);
    }

    public Builder port(int port) {
      return with(config.host, port, config.slots, config.allowedHosts, config.requireToken, config.tokenFile, config.webFolder, config.agent);
    }

    public Builder slots(int slots) {
      return with(config.host, config.port, slots, config.allowedHosts, config.requireToken, config.tokenFile, config.webFolder, config.agent);
    }

    public Builder allowedHosts(List<String> names) {
      return with(config.host, config.port, config.slots, List.copyOf(names), config.requireToken, config.tokenFile, config.webFolder, config.agent);
    }

    public Builder requireToken(boolean require) {
      return with(config.host, config.port, config.slots, config.allowedHosts, require, config.tokenFile, config.webFolder, config.agent);
    }

    public Builder tokenFile(@Nullable Path file) {
      return with(config.host, config.port, config.slots, config.allowedHosts, config.requireToken, file, config.webFolder, config.agent);
    }

    public Builder webFolder(@Nullable Path folder) {
      return with(config.host, config.port, config.slots, config.allowedHosts, config.requireToken, config.tokenFile, folder, config.agent);
    }

    public Builder agent(AgentOptions agent) {
      return with(config.host, config.port, config.slots, config.allowedHosts, config.requireToken, config.tokenFile, config.webFolder, agent);
    }

    public Builder warmRunner(boolean warm) {
      return agent(config.agent.warm(warm));
    }

    public HubConfig build() {
      return config;
    }

    private Builder with(
        String host,
        int port,
        int slots,
        List<String> allowedHosts,
        boolean requireToken,
        @Nullable Path tokenFile,
        @Nullable Path webFolder,
        AgentOptions agent) {
      return new Builder(
          new HubConfig(config.home, config.jar, host, port, slots, allowedHosts, requireToken, tokenFile, webFolder, agent));
    }
  }
}
