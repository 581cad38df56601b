package io.trainyard.tests.benchmarks.plugin;

import io.trainyard.linreg.Linreg;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Linear regression, tracked and not tracked by turns: the same graph and the same fetches in the same process, only
 * that every other phase drops what it would log. So what differs between the phases is the tracking, and what the hub
 * does with it.
 */
public final class TrackedLinreg implements Task {
  static final Param.Int PHASE_SECONDS = Param.integer("phase_seconds", 5, "length of a phase").between(1, 60);
  static final Param.Int PAIRS = Param.integer("pairs", 8, "phases of each kind").between(1, 100);

  private final Linreg linreg = new Linreg();

  @Override
  public TaskSpec spec() {
    TaskSpec spec = linreg.spec();
    List<Param<?>> params = new ArrayList<>(spec.params());
    params.add(PHASE_SECONDS);
    params.add(PAIRS);
    String title = "Linear regression, tracked by turns";
    return new TaskSpec("tracked-linreg", title, "", params, spec.metrics(), null, List.of());
  }

  @Override
  public void train(Run run) throws Exception {
    PhasedRun phased = new PhasedRun(run, run.get(PHASE_SECONDS), run.get(PAIRS).intValue());
    linreg.train(phased);
    run.provenance("phases", phased.phases());
    run.provenance("logged", phased.logged());
  }
}
