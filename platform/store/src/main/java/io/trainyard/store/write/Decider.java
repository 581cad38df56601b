package io.trainyard.store.write;

import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.RunInput;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.StoreException.Conflict;
import io.trainyard.core.store.StoreException.NotFound;
import io.trainyard.core.store.StoreException.StaleAttempt;
import io.trainyard.store.state.RunEdit;
import io.trainyard.store.state.RunImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Says what a change does to the state that it meets, or why it may not. Only the writer thread calls. */
final class Decider {
  private static final Pattern RUN_ID = Pattern.compile("[0-9a-f]{32}");

  private final Draft draft;

  Decider(Draft draft) {
    this.draft = draft;
  }

  Decision decide(Change change) {
    // Sealed types cannot be switched over in Java 17; the last branch is reached only when a Change was added without
    // being handled.
    if (change instanceof Change.AppendPoints points) {
      return PointRules.decide(draft, points.batch());
    }
    if (change instanceof Change.CreateExperiment create) {
      return createExperiment(create);
    }
    if (change instanceof Change.RenameExperiment rename) {
      return renameExperiment(rename);
    }
    if (change instanceof Change.DeleteExperiment delete) {
      return deleteExperiment(delete);
    }
    if (change instanceof Change.CreateRun create) {
      return createRun(create.run());
    }
    if (change instanceof Change.StartAttempt start) {
      return startAttempt(start);
    }
    if (change instanceof Change.Resume resume) {
      return resume(resume);
    }
    if (change instanceof Change.FailQueued fail) {
      return failQueued(fail);
    }
    if (change instanceof Change.AddProvenance facts) {
      return addProvenance(facts);
    }
    if (change instanceof Change.RequestStop stop) {
      return requestStop(stop);
    }
    if (change instanceof Change.EndAttempt end) {
      return endAttempt(end);
    }
    if (change instanceof Change.FinishDraining finish) {
      return finishDraining(finish);
    }
    if (change instanceof Change.MarkUnreachable mark) {
      return markUnreachable(mark);
    }
    if (change instanceof Change.EditRun edit) {
      return editRun(edit);
    }
    if (change instanceof Change.DeleteRun delete) {
      return deleteRun(delete);
    }
    throw new IllegalArgumentException("The store does not know the change " + change.getClass().getSimpleName() + ".");
  }

  private Decision createExperiment(Change.CreateExperiment create) {
    requireFree(create.name(), "");
    return new Decision.PutExperiment(
        new Experiment(draft.nextExperiment(), create.name(), create.at(), false, create.tags()));
  }

  private Decision renameExperiment(Change.RenameExperiment rename) {
    Experiment experiment = experiment(rename.experiment());
    if (experiment.name().equals(rename.name())) {
      return new Decision.Already(null, experiment, false);
    }
    requireFree(rename.name(), experiment.id());
    return new Decision.PutExperiment(
        new Experiment(experiment.id(), rename.name(), experiment.createdAt(), experiment.deleted(),
            experiment.tags()));
  }

  private void requireFree(String name, String exceptFor) {
    Experiment holder = draft.experimentNamed(name);
    if (holder != null && !holder.id().equals(exceptFor)) {
      throw new Conflict(
          "Experiment " + holder.id() + (holder.deleted() ? ", which is deleted," : "") + " has the name \"" + name
              + "\" already; choose another one.");
    }
  }

  private Decision deleteExperiment(Change.DeleteExperiment delete) {
    Experiment experiment = experiment(delete.experiment());
    if (delete.deleted() && experiment.id().equals(Experiment.DEFAULT_ID)) {
      throw new Conflict("Experiment 0, \"" + experiment.name() + "\", always exists and cannot be deleted.");
    }
    if (experiment.deleted() == delete.deleted()) {
      return new Decision.Already(null, experiment, false);
    }
    return new Decision.PutExperiment(
        new Experiment(experiment.id(), experiment.name(), experiment.createdAt(), delete.deleted(),
            experiment.tags()));
  }

  private Decision createRun(RunRecord run) {
    if (!RUN_ID.matcher(run.id()).matches()) {
      throw new Conflict("\"" + run.id() + "\" cannot be the id of a run: it must be 32 digits of 0-9 and a-f.");
    }
    if (draft.run(run.id()) != null) {
      throw new Conflict("Run " + run.id() + " exists already.");
    }
    Experiment experiment = experiment(run.experimentId());
    if (experiment.deleted()) {
      throw new Conflict("Experiment " + experiment.id() + ", \"" + experiment.name()
          + "\", is deleted; restore it before adding runs.");
    }
    if (run.state().ended() || !run.attempts().isEmpty()) {
      throw new Conflict("A new run is QUEUED, or RUNNING, and has no attempts yet; run " + run.id() + " is "
          + run.state() + ".");
    }
    RunEdit edit = RunEdit.of(run);
    if (run.state() == RunState.RUNNING) {
      long at = Objects.requireNonNullElse(run.startedAt(), run.createdAt());
      edit.startedAt(at).addAttempt(new Attempt(1, draft.nextFence(), "client", at, null, null, null, null));
    }
    return new Decision.PutRun(new RunImage(edit.build(1), Map.of(), 0), 0);
  }

  private Decision startAttempt(Change.StartAttempt start) {
    RunImage image = run(start.run());
    RunRecord run = image.run();
    if (run.state() != RunState.QUEUED) {
      throw new Conflict("Run " + run.id() + " is " + run.state() + "; only a QUEUED run can be started.");
    }
    if (run.stopRequested()) {
      throw new Conflict("Run " + run.id() + " was asked to stop and is not started.");
    }
    int number = run.attemptNumber() + 1;
    Attempt attempt = new Attempt(number, draft.nextFence(), start.agent(), start.at(), null, start.fromStep(), null,
        null);
    RunEdit edit = RunEdit.of(run).state(RunState.RUNNING,
        null).addAttempt(attempt).unreachableSince(null).draining(false);
    if (run.startedAt() == null) {
      edit.startedAt(start.at());
    }
    return put(image.withLostBefore(run.lostPoints()), edit.endedAt(null));
  }

  private Decision resume(Change.Resume resume) {
    RunImage image = run(resume.run());
    RunRecord run = image.run();
    if (run.task() == null) {
      throw new Conflict("Run " + run.id() + " was logged by its client; only that can go on with it.");
    }
    if (run.deleted()) {
      throw new Conflict("Run " + run.id() + " is deleted; restore it before resuming it.");
    }
    if (run.state() == RunState.FINISHED) {
      throw new Conflict("Run " + run.id() + " has FINISHED; there is nothing left to do. Run it again with more.");
    }
    if (!run.state().ended()) {
      throw new Conflict("Run " + run.id() + " is " + run.state() + "; only a run that has ended can be resumed.");
    }
    if (run.draining()) {
      throw new Conflict("Points of run " + run.id() + " are still on their way; resume it in a moment.");
    }
    return put(
        image,
        RunEdit.of(run)
            .state(RunState.QUEUED, null)
            .endedAt(null)
            .stopRequested(false)
            .unreachableSince(null)
            .resume(resume.from(), resume.at()));
  }

  private Decision failQueued(Change.FailQueued fail) {
    RunImage image = run(fail.run());
    if (image.run().state() != RunState.QUEUED) {
      throw new Conflict("Run " + image.run().id() + " is " + image.run().state() + ", no longer QUEUED.");
    }
    return put(image, RunEdit.of(image.run()).state(RunState.FAILED, fail.reason()).endedAt(fail.at()));
  }

  private Decision addProvenance(Change.AddProvenance change) {
    RunImage image = run(change.run());
    requireFence(image.run(), change.attempt(), change.fence());
    Map<String, String> facts = new LinkedHashMap<>(image.run().provenance());
    change.facts().forEach(
        (key, value) -> {
          // What a run reads of others was pinned at its launch; a task has no say in it.
          if (!RunInput.isKey(key)) {
            facts.put(key, value);
          }
        });
    return put(image, RunEdit.of(image.run()).provenance(facts));
  }

  private Decision requestStop(Change.RequestStop stop) {
    RunImage image = run(stop.run());
    requireNotEnded(image.run());
    RunEdit edit = RunEdit.of(image.run()).stopRequested(true);
    if (image.run().state() == RunState.QUEUED) {
      edit.state(RunState.STOPPED, "Stopped before it was started.").endedAt(stop.at());
    } else if (image.run().stopRequested()) {
      return new Decision.Already(image, null, false);
    }
    return put(image, edit);
  }

  private Decision endAttempt(Change.EndAttempt end) {
    RunImage image = run(end.run());
    RunRecord run = image.run();
    requireFence(run, end.attempt(), end.fence());
    requireNotEnded(run);
    if (!end.state().ended()) {
      throw new Conflict("Run " + run.id() + " cannot end as " + end.state() + ".");
    }
    Attempt attempt = Objects.requireNonNull(run.attempt());
    return put(
        image,
        RunEdit.of(run)
            .state(end.state(), end.reason())
            .endedAt(end.at())
            .draining(end.draining())
            .unreachableSince(null)
            .lostPoints(Math.max(run.lostPoints(), image.lostBefore() + end.lostPoints()))
            .lastAttempt(
                new Attempt(
                    attempt.number(),
                    attempt.fence(),
                    attempt.agent(),
                    attempt.startedAt(),
                    end.at(),
                    attempt.fromStep(),
                    end.state(),
                    end.reason())));
  }

  private Decision finishDraining(Change.FinishDraining finish) {
    RunImage image = run(finish.run());
    RunRecord run = image.run();
    requireFence(run, finish.attempt(), finish.fence());
    if (!run.state().ended()) {
      throw new Conflict("Run " + run.id() + " is " + run.state()
          + "; its attempt must end before its spool is done with.");
    }
    long lost = Math.max(run.lostPoints(), image.lostBefore() + finish.lostPoints());
    if (!run.draining() && lost == run.lostPoints()) {
      return new Decision.Already(image, null, false);
    }
    return put(image, RunEdit.of(run).draining(false).lostPoints(lost));
  }

  private Decision markUnreachable(Change.MarkUnreachable mark) {
    RunImage image = run(mark.run());
    requireFence(image.run(), mark.attempt(), mark.fence());
    requireNotEnded(image.run());
    if (Objects.equals(image.run().unreachableSince(), mark.since())) {
      return new Decision.Already(image, null, false);
    }
    return put(image, RunEdit.of(image.run()).unreachableSince(mark.since()));
  }

  private Decision editRun(Change.EditRun change) {
    RunImage image = run(change.run());
    RunEdit edit = RunEdit.of(image.run());
    if (change.name() != null) {
      edit.name(change.name());
    }
    if (change.notes() != null) {
      edit.notes(change.notes());
    }
    Map<String, String> tags = new LinkedHashMap<>(image.run().tags());
    for (String tag : List.copyOf(change.tags().keySet())) {
      String value = change.tags().get(tag);
      if (value == null) {
        tags.remove(tag);
      } else {
        tags.put(tag, value);
      }
    }
    return put(image, edit.tags(tags));
  }

  private Decision deleteRun(Change.DeleteRun delete) {
    RunImage image = run(delete.run());
    RunRecord run = image.run();
    if (delete.deleted() && !run.state().ended()) {
      throw new Conflict("Run " + run.id() + " is " + run.state() + "; stop it before deleting it.");
    }
    if (run.deleted() == delete.deleted()) {
      return new Decision.Already(image, null, false);
    }
    return put(image, RunEdit.of(run).deleted(delete.deleted()));
  }

  private static Decision put(RunImage image, RunEdit edit) {
    return new Decision.PutRun(image.with(edit.build()), image.run().version());
  }

  private RunImage run(String id) {
    RunImage image = draft.run(id);
    if (image == null) {
      throw new NotFound("There is no run " + id + ".");
    }
    return image;
  }

  private Experiment experiment(String id) {
    Experiment experiment = draft.experiment(id);
    if (experiment == null) {
      throw new NotFound("There is no experiment " + id + ".");
    }
    return experiment;
  }

  private static void requireNotEnded(RunRecord run) {
    if (run.state().ended()) {
      throw new Conflict("Run " + run.id() + " has ended already; it is " + run.state() + ".");
    }
  }

  /** Whoever holds anything but the latest attempt and its fence has been superseded. */
  static void requireFence(RunRecord run, int attempt, long fence) {
    Attempt latest = run.attempt();
    if (latest == null) {
      throw new Conflict("Run " + run.id() + " has not been started; it has no attempt " + attempt + ".");
    }
    if (latest.number() != attempt || latest.fence() != fence) {
      throw new StaleAttempt(
          "Attempt " + attempt + " of run " + run.id() + " with fence " + fence + " is not the latest: that is attempt "
              + latest.number() + " with fence " + latest.fence() + ". Stop sending.");
    }
  }
}
