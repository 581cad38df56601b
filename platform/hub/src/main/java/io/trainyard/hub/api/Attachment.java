package io.trainyard.hub.api;

import io.trainyard.core.model.RunRecord;

/** What a downloaded file is called: the run's name, as far as every file system takes it. */
final class Attachment {
  private Attachment() {}

  static String named(RunRecord run, String ending) {
    String name = run.name().replaceAll("[^A-Za-z0-9._-]+", "_");
    name = name.substring(0, Math.min(60, name.length()));
    return "attachment; filename=\"" + name + "-" + run.id().substring(0, 8) + "." + ending + "\"";
  }
}
