package io.trainyard.store;

import static io.trainyard.store.Fixture.RUN;
import static io.trainyard.store.Fixture.apply;
import static io.trainyard.store.Fixture.batch;
import static io.trainyard.store.Fixture.column;
import static io.trainyard.store.Fixture.id;
import static io.trainyard.store.Fixture.join;
import static io.trainyard.store.Fixture.run;
import static io.trainyard.store.Fixture.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.StoreException;
import io.trainyard.core.store.StoreException.Conflict;
import io.trainyard.core.store.StoreException.NotFound;
import io.trainyard.core.store.StoreException.StaleAttempt;
import io.trainyard.store.state.ImageCodec;
import io.trainyard.store.state.ImageParser;
import io.trainyard.store.state.RunEdit;
import io.trainyard.store.state.RunImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/** What each change does, and what it is refused with. */
class ChangesTest {
  @TempDir Path home;

  private final AtomicLong now = new AtomicLong(1_000_000);
  private final StoreOptions options = StoreOptions.defaults().withReserveBytes(0).withClock(now::get);
  private TrainyardStore store;

  @BeforeEach
  void open() {
    store = TrainyardStore.open(home, options);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    open();
  }

  private RunRecord queued(String id) {
    return Objects.requireNonNull(apply(store, new Change.CreateRun(run(id, RunState.QUEUED))).run());
  }

  @Test
  void theDefaultExperimentIsAlwaysThereAndCannotBeDeleted() {
    Experiment made = join(store.experiment("0")).orElseThrow();
    assertThat(made.name()).isEqualTo("Default");
    assertThatThrownBy(() -> apply(store, new Change.DeleteExperiment("0", true)))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("cannot be deleted");
    now.addAndGet(5_000);
    reopen();
    assertThat(join(store.experiment("0"))).contains(made);
  }

  @Test
  void experimentsGetDecimalIdsAndUniqueNamesEvenAmongDeletedOnes() {
    Experiment first = Objects.requireNonNull(apply(store, new Change.CreateExperiment("one", Map.of("a", "b"),
        5)).experiment());
    assertThat(first).isEqualTo(new Experiment("1", "one", 5, false, Map.of("a", "b")));
    apply(store, new Change.DeleteExperiment("1", true));
    assertThatThrownBy(() -> apply(store, new Change.CreateExperiment("one", Map.of(), 5)))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("Experiment 1, which is deleted, has the name \"one\" already");
    apply(store, new Change.RenameExperiment("1", "uno"));
    assertThat(Objects.requireNonNull(apply(store, new Change.CreateExperiment("one", Map.of(),
        5)).experiment()).id()).isEqualTo("2");
    assertThatThrownBy(() -> apply(store, new Change.RenameExperiment("2", "uno"))).isInstanceOf(Conflict.class);
    reopen();
    assertThat(join(store.experiments(false))).extracting(Experiment::name).containsExactly("Default", "one");
    assertThat(join(store.experiments(true))).extracting(Experiment::name).containsExactly("uno");
    assertThat(join(store.experimentByName("uno"))).isPresent();
    assertThat(Objects.requireNonNull(apply(store, new Change.CreateExperiment("next", Map.of(),
        5)).experiment()).id()).isEqualTo("3");
  }

  @Test
  void everythingOfARunComesBackAfterAReopen() {
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("epochs", 3L);
    params.put("learning_rate", 0.03);
    params.put("whole", 2.0);
    params.put("clip", Double.POSITIVE_INFINITY);
    params.put("nothing", Double.NaN);
    params.put("big", Long.MAX_VALUE);
    params.put("flag", true);
    params.put("name", "ünï \"quoted\"");
    params.put("hidden_sizes", List.of(256L, 10L));
    params.put("rates", List.of(0.5, Double.NEGATIVE_INFINITY));
    apply(store, new Change.CreateRun(run(RUN, RunState.QUEUED, "first", params)));
    RunRecord started = Objects.requireNonNull(apply(store, new Change.StartAttempt(RUN, "local", 50, null)).run());
    Attempt attempt = started.attempts().get(0);
    apply(store, new Change.AddProvenance(RUN, 1, attempt.fence(), Map.of("jdk", "17")));
    Map<String, String> tags = new HashMap<>();
    tags.put("kept", "1");
    apply(store, new Change.EditRun(RUN, "renamed", "some notes", tags));
    apply(store, new Change.MarkUnreachable(RUN, 1, attempt.fence(), 60L));
    RunRecord before =
        Objects.requireNonNull(
            apply(store, new Change.EndAttempt(RUN, 1, attempt.fence(), RunState.DIVERGED, "Loss is NaN.", 70, true,
                4)).run());
    assertThat(before.params()).isEqualTo(params);
    assertThat(before.draining()).isTrue();
    assertThat(before.unreachableSince()).isNull();
    assertThat(before.endedAt()).isEqualTo(70);
    assertThat(before.attempts().get(0).outcome()).isEqualTo(RunState.DIVERGED);
    reopen();
    assertThat(join(store.run(RUN))).contains(before);
    RunRecord drained = Objects.requireNonNull(apply(store, new Change.FinishDraining(RUN, 1, attempt.fence(),
        6)).run());
    assertThat(drained.draining()).isFalse();
    assertThat(drained.lostPoints()).isEqualTo(6);
    assertThat(drained.version()).isEqualTo(before.version() + 1);
  }

  @Test
  void aNewRunNeedsAProperIdAnExperimentAndAStateToStartFrom() {
    queued(RUN);
    assertThatThrownBy(() -> queued(RUN)).isInstanceOf(Conflict.class).hasMessageContaining("exists already");
    assertThatThrownBy(() -> queued("xyz")).isInstanceOf(Conflict.class).hasMessageContaining("32 digits");
    assertThatThrownBy(() -> apply(store, new Change.CreateRun(run(id(1),
        RunState.FINISHED)))).isInstanceOf(Conflict.class);
    Experiment gone = Objects.requireNonNull(apply(store, new Change.CreateExperiment("gone", Map.of(),
        1)).experiment());
    apply(store, new Change.DeleteExperiment(gone.id(), true));
    assertThatThrownBy(() -> apply(store, new Change.CreateRun(in(run(id(2), RunState.QUEUED),
        gone.id())))).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> apply(store, new Change.CreateRun(in(run(id(2), RunState.QUEUED),
        "77")))).isInstanceOf(NotFound.class);
  }

  static RunRecord in(RunRecord run, String experiment) {
    return new RunRecord(
        run.id(), experiment, run.name(), run.state(), null, run.task(), run.params(), run.seed(), run.tags(), "",
            run.createdAt(),
        null, null, false, false, null, 0, null, false, null, Map.of(), null, null, List.of(),
        Map.of(), 0);
  }

  @Test
  void fencesGrowOverAllRunsAndWhoeverHoldsAnotherIsStale() {
    long first = running(store, RUN);
    queued(id(1));
    RunRecord second = Objects.requireNonNull(apply(store, new Change.StartAttempt(id(1), "local", 9, null)).run());
    long fence = second.attempts().get(0).fence();
    assertThat(fence).isGreaterThan(first);
    assertThat(second.startedAt()).isEqualTo(9);
    assertThatThrownBy(() -> apply(store, new Change.AppendPoints(batch(RUN, fence, 0, 1, column("x", 0, 1)))))
        .isInstanceOf(StaleAttempt.class)
        .hasMessageContaining("Stop sending");
    assertThatThrownBy(() -> apply(store, new Change.AddProvenance(RUN, 2, first,
        Map.of()))).isInstanceOf(StaleAttempt.class);
    assertThatThrownBy(() -> apply(store, new Change.EndAttempt(RUN, 1, fence, RunState.FAILED, null, 1, false, 0)))
        .isInstanceOf(StaleAttempt.class);
    assertThatThrownBy(() -> apply(store, new Change.StartAttempt(id(1), "other", 10,
        null))).isInstanceOf(Conflict.class);
    reopen();
    assertThat(running(store, id(2))).isGreaterThan(fence);
  }

  @Test
  void whoReadsArtifactsOfARunIsFoundAndNoTaskRewritesIt() {
    apply(store, new Change.CreateRun(run(RUN, RunState.QUEUED)));
    String pin = RUN + "/vocab.json sha256:" + "cd".repeat(32) + " (12 bytes)";
    for (int i = 1; i <= 3; i++) {
      RunRecord reader = RunEdit.of(run(id(i), RunState.QUEUED)).provenance(Map.of("input.vocab", pin)).build();
      apply(store, new Change.CreateRun(reader));
    }
    RunRecord started = Objects.requireNonNull(apply(store, new Change.StartAttempt(id(1), "local", 50, null)).run());
    long fence = started.attempts().get(0).fence();
    RunRecord told =
        Objects.requireNonNull(
            apply(store, new Change.AddProvenance(id(1), 1, fence, Map.of("input.vocab", "mine", "jdk", "17"))).run());
    assertThat(told.provenance()).containsEntry("input.vocab", pin).containsEntry("jdk", "17");
    apply(store, new Change.RequestStop(id(2), 12));
    apply(store, new Change.DeleteRun(id(2), true));
    assertThat(join(store.consumers(RUN))).extracting(RunRecord::id).containsExactly(id(1), id(3));
    assertThat(join(store.consumers(id(1)))).isEmpty();
    reopen();
    assertThat(join(store.consumers(RUN))).extracting(RunRecord::id).containsExactly(id(1), id(3));
    apply(store, new Change.DeleteRun(id(2), false));
    assertThat(join(store.consumers(RUN))).hasSize(3);
  }

  @Test
  void aQueuedRunThatIsStoppedEndsAtOnceAndIsNeverStarted() {
    queued(RUN);
    RunRecord stopped = Objects.requireNonNull(apply(store, new Change.RequestStop(RUN, 12)).run());
    assertThat(stopped.state()).isEqualTo(RunState.STOPPED);
    assertThat(stopped.endedAt()).isEqualTo(12);
    assertThatThrownBy(() -> apply(store, new Change.StartAttempt(RUN, "local", 13,
        null))).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> apply(store, new Change.RequestStop(RUN,
        14))).isInstanceOf(Conflict.class).hasMessageContaining("has ended");
  }

  @Test
  void aRunningRunIsAskedToStopOnceAndOnlyAnEndedOneCanBeDeleted() {
    long fence = running(store, RUN);
    RunRecord asked = Objects.requireNonNull(apply(store, new Change.RequestStop(RUN, 12)).run());
    assertThat(asked.stopRequested()).isTrue();
    assertThat(Objects.requireNonNull(apply(store, new Change.RequestStop(RUN,
        13)).run()).version()).isEqualTo(asked.version());
    assertThatThrownBy(() -> apply(store, new Change.DeleteRun(RUN,
        true))).isInstanceOf(Conflict.class).hasMessageContaining("stop it before");
    apply(store, new Change.EndAttempt(RUN, 1, fence, RunState.STOPPED, null, 20, false, 0));
    assertThatThrownBy(() -> apply(store, new Change.EndAttempt(RUN, 1, fence, RunState.FAILED, null, 21, false, 0)))
        .isInstanceOf(Conflict.class);
    assertThat(join(store.runCount("0"))).isEqualTo(1);
    apply(store, new Change.DeleteRun(RUN, true));
    assertThat(join(store.runCount("0"))).isZero();
    assertThat(Objects.requireNonNull(apply(store, new Change.DeleteRun(RUN, false)).run()).deleted()).isFalse();
  }

  @Test
  void aRunThatWasStoppedGoesBackToTheQueueAndItsNextAttemptIsTheSecond() {
    queued(RUN);
    Attempt first = start(null);
    apply(store, new Change.RequestStop(RUN, 12));
    apply(store, new Change.EndAttempt(RUN, 1, first.fence(), RunState.STOPPED, "by request", 20, false, 3));
    RunRecord again = Objects.requireNonNull(apply(store, new Change.Resume(RUN, "checkpoints/last.npz", 30)).run());
    assertThat(again.state()).isEqualTo(RunState.QUEUED);
    assertThat(again.reason()).isNull();
    assertThat(again.endedAt()).isNull();
    assertThat(again.stopRequested()).isFalse();
    assertThat(again.resumeFrom()).isEqualTo("checkpoints/last.npz");
    assertThat(again.resumedAt()).isEqualTo(30);
    assertThat(again.lostPoints()).isEqualTo(3);
    assertThat(again.attempts()).extracting(Attempt::outcome).containsExactly(RunState.STOPPED);
    reopen();
    assertThat(join(store.run(RUN))).contains(again);
    Attempt second = start(235L);
    assertThat(second.number()).isEqualTo(2);
    assertThat(second.fromStep()).isEqualTo(235);
    assertThat(second.fence()).isGreaterThan(first.fence());
    assertThat(join(store.run(RUN)).orElseThrow().startedAt()).isEqualTo(50);
    assertThatThrownBy(() -> apply(store, new Change.AppendPoints(batch(RUN, first.fence(), 0, 1, column("x", 0, 1)))))
        .isInstanceOf(StaleAttempt.class);
  }

  private Attempt start(@Nullable Long fromStep) {
    RunRecord started = Objects.requireNonNull(apply(store, new Change.StartAttempt(RUN, "local", 50, fromStep)).run());
    return Objects.requireNonNull(started.attempt());
  }

  @Test
  void onlyARunThatEndedBeforeItsTimeIsResumed() {
    queued(RUN);
    assertThatThrownBy(this::resume).isInstanceOf(Conflict.class).hasMessageContaining("is QUEUED; only a run that");
    long fence = start(null).fence();
    assertThatThrownBy(this::resume).isInstanceOf(Conflict.class).hasMessageContaining("is RUNNING; only a run that");
    apply(store, new Change.EndAttempt(RUN, 1, fence, RunState.DIVERGED, null, 20, true, 0));
    assertThatThrownBy(this::resume).isInstanceOf(Conflict.class).hasMessageContaining("still on their way");
    apply(store, new Change.FinishDraining(RUN, 1, fence, 0));
    apply(store, new Change.DeleteRun(RUN, true));
    assertThatThrownBy(this::resume).isInstanceOf(Conflict.class).hasMessageContaining("restore it before");
    apply(store, new Change.DeleteRun(RUN, false));
    resume();
    long second = start(5L).fence();
    apply(store, new Change.EndAttempt(RUN, 2, second, RunState.FINISHED, null, 40, false, 0));
    assertThatThrownBy(this::resume).isInstanceOf(Conflict.class).hasMessageContaining("nothing left to do");
    assertThatThrownBy(() -> apply(store, new Change.Resume(id(5), "checkpoints/last.npz", 30)))
        .isInstanceOf(NotFound.class);
  }

  private void resume() {
    apply(store, new Change.Resume(RUN, "checkpoints/last.npz", 30));
  }

  @Test
  void aQueuedRunThatCannotBeStartedFailsWithItsReasonAndKeepsWhatItsAttemptsCameTo() {
    queued(RUN);
    long fence = start(null).fence();
    assertThatThrownBy(() -> apply(store, new Change.FailQueued(RUN, "gone", 9))).isInstanceOf(Conflict.class);
    apply(store, new Change.EndAttempt(RUN, 1, fence, RunState.STOPPED, null, 20, false, 0));
    resume();
    RunRecord failed = Objects.requireNonNull(apply(store, new Change.FailQueued(RUN, "It is gone.", 33)).run());
    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.reason()).isEqualTo("It is gone.");
    assertThat(failed.endedAt()).isEqualTo(33);
    assertThat(failed.attempts()).extracting(Attempt::outcome).containsExactly(RunState.STOPPED);
    resume();
    assertThat(start(3L).number()).isEqualTo(2);
  }

  @Test
  void aRunOfBeforeThereWereOptionsIsReadAndOneWithThemComesBack() {
    RunRecord plain = run(RUN, RunState.QUEUED);
    byte[] today = ImageCodec.write(new RunImage(plain, Map.of(), 0));
    assertThat(new String(today, StandardCharsets.UTF_8)).doesNotContain("options", "resumeFrom", "resumedAt");
    assertThat(ImageParser.run(today).run()).isEqualTo(plain);
    RunRecord with =
        new RunRecord(
            RUN, "0", "a", RunState.QUEUED, null, plain.task(), Map.of(), 1, Map.of(), "", 1, null, null, false, false,
            null, 0, null, false, null, Map.of("device", "gpu:1", "checkpoint_every", "2epochs"), null, null, List.of(),
            Map.of(), 0);
    RunRecord made = Objects.requireNonNull(apply(store, new Change.CreateRun(with)).run());
    reopen();
    assertThat(join(store.run(RUN))).contains(made);
    assertThat(made.options()).containsEntry("device", "gpu:1").containsEntry("checkpoint_every", "2epochs");
  }

  @Test
  void aTagIsSetChangedAndRemovedWhileTheRestStays() {
    running(store, RUN);
    apply(store, new Change.EditRun(RUN, "name", "notes", Map.of("a", "1", "b", "2")));
    Map<String, String> tags = new HashMap<>();
    tags.put("a", null);
    tags.put("c", "3");
    RunRecord edited = Objects.requireNonNull(apply(store, new Change.EditRun(RUN, null, null, tags)).run());
    assertThat(edited.tags()).isEqualTo(Map.of("b", "2", "c", "3"));
    assertThat(edited.name()).isEqualTo("name");
    assertThat(edited.notes()).isEqualTo("notes");
  }

  @Test
  void aKeyMakesAChangeHappenOnceForADayAndForOneRequestOnly() {
    Change create = new Change.CreateExperiment("once", Map.of(), 1);
    Applied first = apply(store, create, "k", "f");
    assertThat(first.replayed()).isFalse();
    Applied second = apply(store, create, "k", "f");
    assertThat(second.replayed()).isTrue();
    assertThat(second.experiment()).isEqualTo(first.experiment());
    assertThatThrownBy(() -> apply(store, create, "k", "another")).isInstanceOf(StoreException.KeyReused.class);
    apply(store, new Change.RenameExperiment("1", "renamed"));
    reopen();
    Applied third = apply(store, create, "k", "f");
    assertThat(third.replayed()).isTrue();
    assertThat(Objects.requireNonNull(third.experiment()).name()).isEqualTo("renamed");
    now.addAndGet(24L * 3600 * 1000);
    assertThat(apply(store, create, "k", "f").replayed()).isFalse();
  }

  @Test
  void aRefusedChangeDoesNotUseItsKeyUpAndOneThatChangesNothingDoes() {
    apply(store, new Change.CreateExperiment("taken", Map.of(), 1));
    assertThatThrownBy(() -> apply(store, new Change.CreateExperiment("taken", Map.of(), 1), "k",
        "f")).isInstanceOf(Conflict.class);
    assertThat(apply(store, new Change.CreateExperiment("free", Map.of(), 1), "k", "f2").replayed()).isFalse();
    apply(store, new Change.DeleteExperiment("1", false), "k2", "f");
    reopen();
    assertThat(apply(store, new Change.DeleteExperiment("1", false), "k2", "f").replayed()).isTrue();
  }

  @Test
  void changesGivenTogetherAreCheckedAgainstEachOtherAndCompleteInOrder() {
    List<CompletableFuture<Applied>> stages = new CopyOnWriteArrayList<>();
    List<Integer> early = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 200; i++) {
      int number = i;
      CompletableFuture<Applied> stage =
          store.apply(new Change.CreateExperiment("e" + i / 2, Map.of(), i)).toCompletableFuture();
      stages.add(stage);
      // Not a list of who was called when: a refusal and an acknowledgement are told by two threads.
      stage.whenComplete(
          (applied, failure) -> {
            if (!IntStream.range(0, number).allMatch(before -> stages.get(before).isDone())) {
              early.add(number);
            }
          });
    }
    for (int i = 0; i < 200; i += 2) {
      join(stages.get(i));
      CompletableFuture<Applied> twin = stages.get(i + 1);
      assertThatThrownBy(() -> join(twin)).isInstanceOf(Conflict.class);
    }
    assertThat(early).isEmpty();
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> apply(store, new Change.RequestStop(RUN,
        1))).isInstanceOf(NotFound.class).hasMessage("There is no run " + RUN + ".");
    assertThatThrownBy(() -> apply(store, new Change.RenameExperiment("9", "x"))).isInstanceOf(NotFound.class);
    assertThat(join(store.run(RUN))).isEmpty();
    assertThatThrownBy(() -> join(store.nextSeq(RUN, 1))).isInstanceOf(NotFound.class);
  }

  @Test
  void aClosedStoreSaysSo() {
    store.close();
    assertThatThrownBy(() -> apply(store, new Change.RequestStop(RUN,
        1))).isInstanceOf(StoreException.Unusable.class).hasMessageContaining("closed");
    assertThat(store.status().writable()).isFalse();
  }
}
