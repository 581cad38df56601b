package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;

/** One line on a terminal that is drawn again and again; on a pipe, a line each time a run has come a tenth further. */
final class ProgressBar {
  private static final int WIDTH = 24;

  private final PrintWriter err;
  private final boolean terminal;
  private int drawn;
  private int tenth = -1;
  private String lastState = "";

  ProgressBar(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  void draw(JsonNode run) {
    String state = run.path("state").asText();
    JsonNode progress = run.path("progress");
    long step = progress.path("step").asLong();
    long steps = progress.path("steps").asLong();
    double share = steps > 0 ? Math.min(1.0, (double) step / steps) : 0;
    StringBuilder line = new StringBuilder(run.path("name").asText()).append("  ");
    boolean measured = state.equals("RUNNING") && steps > 0;
    if (measured) {
      int filled = (int) Math.round(share * WIDTH);
      line.append("█".repeat(filled)).append("░".repeat(WIDTH - filled));
      line.append(String.format(Locale.ROOT, " %3d %%", (int) (share * 100)));
    } else {
      line.append(state.toLowerCase(Locale.ROOT));
    }
    // Before the steps: of a line that is too long for its terminal, this is to be seen.
    JsonNode loss = run.path("metrics").path("train/loss").path("last");
    if (!loss.isMissingNode()) {
      line.append("  loss ").append(Output.number(loss));
    }
    if (measured) {
      line.append(String.format(Locale.ROOT, "  step %,d of %,d", step, steps));
      long epochs = progress.path("epochs").asLong();
      if (epochs > 0) {
        line.append("  epoch ").append(progress.path("epoch").asLong()).append(" of ").append(epochs);
      }
    }
    if (terminal) {
      String text = line.toString();
      err.print(Terminal.CUT + "\r" + text + " ".repeat(Math.max(0, drawn - text.length())) + Terminal.FOLD);
      err.flush();
      drawn = text.length();
    } else if (!state.equals(lastState) || (int) (share * 10) > tenth) {
      err.println(line);
      err.flush();
      tenth = (int) (share * 10);
    }
    lastState = state;
  }

  /** Makes room for what follows. */
  void clear() {
    if (terminal && drawn > 0) {
      err.print(Terminal.CUT + "\r" + " ".repeat(drawn) + "\r" + Terminal.FOLD);
      err.flush();
      drawn = 0;
    }
  }
}
