package io.trainyard.hub;

import io.trainyard.core.agent.AgentOptions;
import io.trainyard.core.run.Home;
import io.trainyard.core.run.JavaCommand;
import java.nio.file.Path;

/**
 * What a hub is made of.
 *
 * @param jar the runnable JAR; runners and inspectors are started from it and the {@code lib} beside it, and the built-in plugins lie in
 *     the {@code plugins} beside it
 * @param server how it listens; with 0 slots it has no agent, and only answers questions
 * @param agent how runners are run
 */
public record HubConfig(Home home, Path jar, HubOptions server, AgentOptions agent) {
  /** The defaults: loopback, a warm runner. */
  public static HubConfig of(Home home, Path jar) {
    return new HubConfig(home, jar, HubOptions.defaults(), AgentOptions.of(JavaCommand.beside(jar)));
  }

  public HubConfig server(HubOptions server) {
    return new HubConfig(home, jar, server, agent);
  }

  public HubConfig agent(AgentOptions agent) {
    return new HubConfig(home, jar, server, agent);
  }

  Path builtInPlugins() {
    return jar.resolveSibling("plugins");
  }
}
