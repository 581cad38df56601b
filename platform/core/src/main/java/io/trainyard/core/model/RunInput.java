package io.trainyard.core.model;

import io.trainyard.spi.ArtifactRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An artifact of another run that a run reads, as it was when the run was launched. It stands in the run's provenance:
 * {@code input.vocab = 3f2a.../vocab.json sha256:9c01... (1200 bytes)}.
 *
 * @param param that refers to it; in a list with its place there: {@code corpora[1]}
 * @param size in bytes
 * @param sha256 64 hex digits
 */
public record RunInput(String param, ArtifactRef artifact, long size, String sha256) {
  private static final String KEY = "input.";
  private static final Pattern WRITTEN = Pattern.compile("([0-9a-f]{32}/\\S+) sha256:([0-9a-f]{64}) \\((\\d{1,18}) bytes\\)");

  /** What the run was launched with. */
  public static List<RunInput> of(RunRecord run) {
    List<RunInput> inputs = new ArrayList<>();
    for (Map.Entry<String, String> fact : run.provenance().entrySet()) {
      Matcher written = WRITTEN.matcher(fact.getValue());
      if (isKey(fact.getKey()) && written.matches()) {
        String param = fact.getKey().substring(KEY.length());
        ArtifactRef artifact = ArtifactRef.parse(written.group(1));
        inputs.add(new RunInput(param, artifact, Long.parseLong(written.group(3)), written.group(2)));
      }
    }
    return List.copyOf(inputs);
  }

  /** Whether an entry of a provenance is an input. Nobody but the launch writes such. */
  public static boolean isKey(String key) {
    return key.startsWith(KEY);
  }

  /** Its key in the provenance. */
  public String key() {
    return KEY + param;
  }

  /** Its value in the provenance. */
  public String written() {
    return artifact + " sha256:" + sha256 + " (" + size + " bytes)";
  }
}
