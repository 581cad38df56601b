package io.trainyard.runner;

import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.spi.Device;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Predictor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One question to a trained model, from the loading of its plugin to the answer's file: {@code {"predictions":[...]}}
 * or {@code {"error":"a sentence"}}, the whole file at once. The thread "predict" works, the main thread waits.
 */
final class Answering {
  private static final Logger log = LoggerFactory.getLogger(Answering.class);

  private final Question question;
  private boolean written;

  /** Writes the fields of the answer. */
  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  Answering(Question question) {
    this.question = question;
  }

  /** Returns when the answer is written. */
  void run() throws InterruptedException, IOException {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> refuse("The task ended its process instead of answering."), "last-words"));
    Thread predict = new Thread(null, this::predict, "predict", 16 << 20);
    predict.start();
    predict.join();
    System.out.flush();
    System.err.flush();
  }

  /** Whatever happens in here becomes an answer. */
  private void predict() {
    try {
      Plugin plugin = Plugin.pinned(question.plugin(), question.pluginSha256());
      Plugin.Loaded loaded = plugin.task(question.task());
      if (!(loaded.task() instanceof Predictor predictor)) {
        throw new PredictionException(
            "The task " + question.task() + " has no model that can be asked: it does not implement Predictor.");
      }
      List<Exhibit.Picture> pictures = new Pictures(predictor.input()).read(question.images());
      Device device = Devices.choose(question.device()).device();
      AskedRun run = new AskedRun(question, loaded.spec(), device);
      Thread.currentThread().setContextClassLoader(plugin.loader());
      List<Predictor.Prediction> answers = predictor.predict(run, pictures);
      check(run, pictures, answers);
      write(json -> predictions(json, pictures, answers));
    } catch (PredictionException | PluginException e) {
      // Written for people, who need no stack trace.
      refuse(String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      log.error("The task failed", e);
      refuse("The task " + question.task() + " cannot answer: " + Reasons.of(e) + ".");
    }
  }

  private void check(AskedRun run, List<Exhibit.Picture> pictures, List<Predictor.Prediction> answers)
      throws PredictionException {
    if (!run.restored()) {
      throw new PredictionException(
          "The task " + question.task() + " answers without calling run.resumable, so its model is not the trained one."
              + " Mend predict() and rebuild the plugin.");
    }
    if (answers.size() != pictures.size()) {
      throw new PredictionException(
          "The task " + question.task() + " gave " + answers.size() + " answers for " + pictures.size()
              + " pictures. Mend predict() and rebuild the plugin.");
    }
  }

  private static void predictions(
      JsonGenerator json, List<Exhibit.Picture> pictures, List<Predictor.Prediction> answers) throws IOException {
    json.writeArrayFieldStart("predictions");
    for (int i = 0; i < pictures.size(); i++) {
      json.writeStartObject();
      json.writeFieldName("picture");
      ExhibitJson.picture(json, pictures.get(i));
      json.writeArrayFieldStart("scores");
      for (Predictor.Score score : answers.get(i).scores()) {
        json.writeStartObject();
        json.writeStringField("label", score.label());
        json.writeNumberField("probability", score.probability());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Also when the process is ended from within: then it is the shutdown that calls. */
  private void refuse(String sentence) {
    try {
      write(json -> json.writeStringField("error", sentence));
    } catch (IOException e) {
      log.error("The answer cannot be written to {}: {}", question.answer(), Reasons.of(e));
    }
  }

  /** Only the first answer counts. */
  private synchronized void write(Fields fields) throws IOException {
    if (written) {
      return;
    }
    Path answer = question.answer();
    Path temporary = answer.resolveSibling(answer.getFileName() + ".tmp");
    try (OutputStream out = Files.newOutputStream(temporary);
        JsonGenerator json = Json.MAPPER.getFactory().createGenerator(out)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    }
    Files.move(temporary, answer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    written = true;
  }
}
