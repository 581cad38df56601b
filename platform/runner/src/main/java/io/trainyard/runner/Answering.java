package io.trainyard.runner;

import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.spi.Device;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One question to a trained model, from the loading of its plugin to the answer's file: what its {@link Inquiry} says,
 * {@code {"refused":"why"}} where the model cannot take what it was asked, or {@code {"error":"a sentence"}}; the whole
 * file at once. The thread "ask" works, the main thread waits.
 */
final class Answering {
  private static final Logger log = LoggerFactory.getLogger(Answering.class);

  private final Question question;
  private boolean written;

  Answering(Question question) {
    this.question = question;
  }

  /** Returns when the answer is written. */
  void run() throws InterruptedException, IOException {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> fail("The task ended its process instead of answering."), "last-words"));
    Thread ask = new Thread(null, this::ask, "ask", 16 << 20);
    ask.start();
    ask.join();
    System.out.flush();
    System.err.flush();
  }

  /** Whatever happens in here becomes an answer. */
  private void ask() {
    try {
      Plugin plugin = Plugin.pinned(question.plugin(), question.pluginSha256());
      Plugin.Loaded loaded = plugin.task(question.task());
      Inquiry inquiry = Inquiry.of(question, loaded.task());
      Device device = Devices.choose(question.device()).device();
      AskedRun run = new AskedRun(question, loaded.spec(), device);
      Thread.currentThread().setContextClassLoader(plugin.loader());
      answer(inquiry, run);
    } catch (UnanswerableException | PluginException e) {
      // Written for people, who need no stack trace.
      fail(String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      log.error("The task failed", e);
      fail("The task " + question.task() + " cannot answer: " + Reasons.of(e) + ".");
    }
  }

  private void answer(Inquiry inquiry, AskedRun run) throws Exception {
    Inquiry.Fields answer;
    try {
      answer = inquiry.ask(run);
    } catch (IllegalArgumentException e) {
      if (question.matter() instanceof Question.Images || e.getMessage() == null) {
        throw e;
      }
      log.warn("The model refuses", e);
      write(json -> json.writeStringField("refused", e.getMessage()));
      return;
    }
    if (!run.restored()) {
      throw new UnanswerableException(
          "The task " + question.task() + " answers without calling run.resumable, so its model is not the trained one."
              + " Mend it and rebuild the plugin.");
    }
    write(answer);
  }

  /** Also when the process is ended from within: then it is the shutdown that calls. */
  private void fail(String sentence) {
    try {
      write(json -> json.writeStringField("error", sentence));
    } catch (IOException e) {
      log.error("The answer cannot be written to {}: {}", question.answer(), Reasons.of(e));
    }
  }

  /** Only the first answer counts. */
  private synchronized void write(Inquiry.Fields fields) throws IOException {
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
