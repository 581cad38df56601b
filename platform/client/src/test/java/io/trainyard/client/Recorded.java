package io.trainyard.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that a reader said, for assertions; one thread. */
final class Recorded implements SpoolReader.Visitor {
  final List<Point> points = new ArrayList<>();
  final Map<String, String> provenance = new LinkedHashMap<>();
  final List<String> damages = new ArrayList<>();
  final List<Kept> kept = new ArrayList<>();
  @Nullable String end;

  @Override
  public void point(String series, long step, long ms, double value) {
    points.add(new Point(series, step, ms, Double.doubleToRawLongBits(value)));
  }

  @Override
  public void block(String series, long firstStep, long ms, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      point(series, firstStep + i, ms, values[i]);
    }
  }

  @Override
  public void provenance(String key, String value) {
    provenance.put(key, value);
  }

  @Override
  public void exhibit(long position, String name, long step, long ms, byte[] json) {
    kept.add(new Kept(position, name + " " + step + " " + ms, Arrays.hashCode(json), json.length));
  }

  @Override
  public void keep(long position, long ms, byte[] json) {
    kept.add(new Kept(position, "file " + ms, Arrays.hashCode(json), json.length));
  }

  @Override
  public void end(String state, String reason, long ms) {
    end = state + " " + reason + " " + ms;
  }

  @Override
  public void damaged(long position, String what) {
    damages.add(what);
  }

  /** Reads all that is there. */
  Recorded drain(SpoolReader reader) throws Exception {
    long before;
    do {
      before = reader.position();
      while (reader.poll(this, 1000) > 0) {}
    } while (reader.position() != before);
    return this;
  }

  /** An exhibit or a file. */
  record Kept(long position, String what, int hash, int bytes) {}

  record Point(String series, long step, long ms, long bits) {}
}
