package io.trainyard.hub.state;

import io.trainyard.core.model.RunRecord;
import io.trainyard.core.store.RunPage;
import io.trainyard.core.store.RunStore;
import io.trainyard.hub.json.RunJson;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Puts together what the API shows of a run: its record, its experiment's name, its series, its progress. Any thread may call. */
public final class RunViews {
  private final RunStore store;
  private final ExperimentNames names;
  private final Board board;

  public RunViews(RunStore store, ExperimentNames names, Board board) {
    this.store = store;
    this.names = names;
    this.board = board;
  }

  public CompletionStage<RunJson> view(RunRecord run) {
    return names
        .of(run.experimentId())
        .thenCombine(store.series(run.id()), (name, series) -> new RunJson(run, name, board.progress(run.id()), series));
  }

  public CompletionStage<List<RunJson>> views(RunPage page) {
    return names
        .learn(page.rows().stream().map(row -> row.run().experimentId()).collect(Collectors.toSet()))
        .thenApply(
            known ->
                page.rows().stream()
                    .map(
                        row ->
                            new RunJson(
                                row.run(), names.now(row.run().experimentId()), board.progress(row.run().id()), row.series()))
                    .toList());
  }
}
