package io.trainyard.hub.api;

import io.trainyard.core.bus.Bus;
import io.trainyard.core.run.ArtifactKeeper;
import io.trainyard.core.run.Catalog;
import io.trainyard.core.run.LogKeeper;
import io.trainyard.core.store.RunStore;
import io.trainyard.hub.http.Access;
import io.trainyard.hub.http.OpenApi;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.http.RouteTable;
import io.trainyard.hub.live.LiveFeed;
import io.trainyard.hub.meters.HubMeters;
import io.trainyard.hub.state.Board;
import io.trainyard.hub.state.ExperimentNames;
import io.trainyard.hub.state.RunViews;
import io.vertx.core.WorkerExecutor;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Puts the route table together. */
public final class Api {
  /** What the routes work with. */
  public record Parts(
      Bus bus,
      RunStore store,
      Catalog catalog,
      LogKeeper logs,
      ArtifactKeeper artifacts,
      ExperimentNames names,
      Board board,
      RunViews views,
      LiveFeed live,
      HubMeters meters,
      Access access,
      WorkerExecutor exporters,
      InstantSource clock,
      HubFacts facts) {}

  private Api() {}

  public static RouteTable table(Parts parts) {
    Runs runs = new Runs(parts.bus(), parts.store(), parts.views());
    // The page for machines is a route of the table that it shows.
    AtomicReference<RouteTable> self = new AtomicReference<>();
    List<Route> routes = new ArrayList<>();
    routes.addAll(
        new SystemRoutes(
                parts.facts(),
                parts.catalog(),
                parts.store(),
                parts.artifacts(),
                parts.board(),
                parts.meters(),
                parts.access(),
                parts.clock(),
                () -> OpenApi.document(self.get(), parts.facts().version()))
            .routes());
    routes.addAll(new ExperimentRoutes(runs, parts.store(), parts.names(), parts.clock()).routes());
    routes.addAll(new LaunchRoutes(parts.bus(), runs, parts.catalog(), parts.clock()).routes());
    routes.addAll(new TrackRoutes(parts.bus(), runs, parts.clock()).routes());
    Checkpoints checkpoints = new Checkpoints(parts.artifacts());
    routes.addAll(new CheckpointRoutes(runs, checkpoints, parts.clock()).routes());
    routes.addAll(new AskRoutes(parts.bus(), runs, parts.catalog(), checkpoints).routes());
    routes.addAll(
        new RunRoutes(runs, parts.store(), parts.views(), parts.catalog(), parts.logs(), parts.artifacts()).routes());
    routes.addAll(new ArtifactRoutes(runs, parts.artifacts()).routes());
    routes.addAll(new SeriesRoutes(runs, parts.store()).routes());
    routes.addAll(new LogRoutes(runs, parts.logs()).routes());
    routes.addAll(new ExportRoutes(runs, parts.store(), parts.exporters()).routes());
    routes.addAll(new LiveRoutes(parts.live()).routes());
    RouteTable table = new RouteTable(routes);
    self.set(table);
    return table;
  }
}
