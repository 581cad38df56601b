package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.core.bus.Addresses.Progress;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.ParamSpec;
import io.trainyard.core.model.RunInput;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.core.model.TaskInfo.BandInfo;
import io.trainyard.core.model.TaskInfo.PredictorInfo;
import io.trainyard.core.run.RunOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as the API shows it. Any thread may call.
 *
 * @param experiment its experiment's name
 * @param progress null when unknown
 */
public record RunJson(RunRecord run, String experiment, @Nullable Progress progress, List<SeriesSummary> series) {
  /** Where the runner of the latest attempt writes its process id, for whoever looks for it on that machine. */
  private static final String PID = "pid";

  /**
   * What only the page of one run shows.
   *
   * @param resumable it has ended before its time, and there is a checkpoint
   * @param predictor the pictures that its model can be asked about; null when it cannot
   * @param languageModel whether its model goes on with texts and scores them
   * @param timed metrics that depend on the clock, so that a replay does not compare them
   * @param inputs what it reads of other runs
   */
  public record Whole(
      List<ParamSpec> specs,
      long logSize,
      long logDropped,
      boolean resumable,
      @Nullable PredictorInfo predictor,
      boolean languageModel,
      List<Verdict> bands,
      List<String> timed,
      List<Input> inputs) {}

  /**
   * What a run reads of another.
   *
   * @param source the other one; null when nothing is known of it any more
   */
  public record Input(RunInput input, @Nullable RunRecord source) {}

  /**
   * A band that holds for a run, and how the run stands to it.
   *
   * @param step of the point that it is about; null, like the value, until that point is there
   */
  public record Verdict(BandInfo band, @Nullable Long step, @Nullable Double value) {
    /** Null until the point is there; NaN is never inside. */
    public @Nullable Boolean inside() {
      return value == null ? null : (Boolean) (value >= band.low() && value <= band.high());
    }
  }

  /** As in lists and in the live feed. */
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    fields(out);
    out.writeEndObject();
  }

  public void write(JsonGenerator out, Whole whole) throws IOException {
    out.writeStartObject();
    fields(out);
    Json.texts(out, "provenance", run.provenance());
    out.writeArrayFieldStart("attempts");
    for (Attempt attempt : run.attempts()) {
      attempt(out, attempt);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("param_specs");
    for (ParamSpec spec : whole.specs()) {
      TaskJson.param(out, spec);
    }
    out.writeEndArray();
    out.writeObjectFieldStart("log");
    out.writeNumberField("size", whole.logSize());
    out.writeNumberField("dropped_bytes", whole.logDropped());
    out.writeEndObject();
    out.writeBooleanField("resumable", whole.resumable());
    out.writeFieldName("predictor");
    TaskJson.predictor(out, whole.predictor());
    out.writeBooleanField("language_model", whole.languageModel());
    out.writeArrayFieldStart("bands");
    for (Verdict verdict : whole.bands()) {
      verdict(out, verdict);
    }
    out.writeEndArray();
    Json.texts(out, "timed", whole.timed());
    out.writeArrayFieldStart("inputs");
    for (Input one : whole.inputs()) {
      out.writeStartObject();
      out.writeStringField("param", one.input().param());
      out.writeStringField("run", one.input().artifact().run());
      Json.text(out, "run_name", one.source() == null ? null : one.source().name());
      content(out, one.input());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** A run that reads artifacts of another, as the page of that one shows it; an object for each artifact. */
  public static void consumer(JsonGenerator out, RunRecord consumer, String source) throws IOException {
    for (RunInput input : RunInput.of(consumer)) {
      if (input.artifact().run().equals(source)) {
        out.writeStartObject();
        out.writeStringField("run", consumer.id());
        out.writeStringField("run_name", consumer.name());
        Json.text(out, "task", consumer.task() == null ? null : consumer.task().id());
        out.writeStringField("state", consumer.state().name());
        out.writeNumberField("created_at", consumer.createdAt());
        out.writeStringField("param", input.param());
        content(out, input);
        out.writeEndObject();
      }
    }
  }

  private static void content(JsonGenerator out, RunInput input) throws IOException {
    out.writeStringField("path", input.artifact().path());
    out.writeStringField("sha256", input.sha256());
    out.writeNumberField("size", input.size());
  }

  private static void verdict(JsonGenerator out, Verdict verdict) throws IOException {
    out.writeStartObject();
    TaskJson.band(out, verdict.band());
    Json.number(out, "step", verdict.step());
    out.writeFieldName("value");
    if (verdict.value() == null) {
      out.writeNull();
    } else {
      Json.value(out, verdict.value());
    }
    out.writeFieldName("inside");
    Json.plain(out, verdict.inside());
    out.writeEndObject();
  }

  private void fields(JsonGenerator out) throws IOException {
    out.writeStringField("id", run.id());
    out.writeStringField("name", run.name());
    out.writeStringField("experiment_id", run.experimentId());
    out.writeStringField("experiment", experiment);
    out.writeStringField("state", run.state().name());
    Json.text(out, "reason", run.reason());
    Json.text(out, "task", run.task() == null ? null : run.task().id());
    out.writeObjectFieldStart("params");
    for (Map.Entry<String, Object> param : run.params().entrySet()) {
      out.writeFieldName(param.getKey());
      Json.plain(out, param.getValue());
    }
    out.writeEndObject();
    // What a client logged has drawn its random numbers elsewhere.
    Json.number(out, "seed", run.task() == null ? null : (Long) run.seed());
    Json.texts(out, "tags", run.tags());
    out.writeStringField("notes", run.notes());
    out.writeNumberField("created_at", run.createdAt());
    Json.number(out, "started_at", run.startedAt());
    Json.number(out, "ended_at", run.endedAt());
    out.writeNumberField("attempt", run.attemptNumber());
    out.writeBooleanField("stopping", run.stopRequested() && !run.state().ended());
    out.writeBooleanField("draining", run.draining());
    Json.number(out, "unreachable_since", run.unreachableSince());
    out.writeNumberField("lost_points", run.lostPoints());
    Json.text(out, "rerun_of", run.rerunOf());
    // A client's run is run by nobody here.
    Json.texts(out, "options", run.task() == null ? Map.of() : RunOptions.complete(run.options()));
    Json.text(out, "resume_from", run.resumeFrom());
    out.writeBooleanField("deleted", run.deleted());
    progress(out);
    out.writeNumberField("version", run.version());
    out.writeObjectFieldStart("metrics");
    for (SeriesSummary summary : series) {
      out.writeObjectFieldStart(summary.name());
      out.writeFieldName("last");
      Json.value(out, summary.last());
      out.writeNumberField("last_step", summary.lastStep());
      Json.finite(out, "min", summary.min());
      Json.finite(out, "max", summary.max());
      out.writeNumberField("count", summary.count());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private void progress(JsonGenerator out) throws IOException {
    out.writeFieldName("progress");
    if (progress == null) {
      out.writeNull();
      return;
    }
    out.writeStartObject();
    out.writeNumberField("step", progress.step());
    out.writeNumberField("steps", progress.steps());
    out.writeNumberField("epoch", progress.epoch());
    out.writeNumberField("epochs", progress.epochs());
    out.writeEndObject();
  }

  private void attempt(JsonGenerator out, Attempt attempt) throws IOException {
    out.writeStartObject();
    out.writeNumberField("number", attempt.number());
    out.writeNumberField("started_at", attempt.startedAt());
    Json.number(out, "ended_at", attempt.endedAt());
    Json.number(out, "from_step", attempt.fromStep());
    out.writeStringField("agent", attempt.agent());
    Json.number(out, "pid", attempt.number() == run.attemptNumber() ? pid() : null);
    Json.text(out, "outcome", attempt.outcome() == null ? null : attempt.outcome().name());
    out.writeEndObject();
  }

  private @Nullable Long pid() {
    String text = run.provenance().get(PID);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
