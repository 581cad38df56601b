package io.trainyard.store.state;

import io.trainyard.core.model.Attempt;
import java.util.ArrayList;
import java.util.List;

/**
 * Which steps of an attempt readers see when they do not ask for one attempt: each step belongs to exactly one, the
 * latest that covers it. An attempt covers the steps from the one that it resumed at; one that resumed nowhere covers
 * all.
 *
 * @param attempt its number
 * @param fromStep included
 * @param toStep included; smaller than {@code fromStep} when nothing of it is seen
 */
public record Visibility(int attempt, long fromStep, long toStep) {
  private static final Visibility FIRST_ONLY = new Visibility(1, Long.MIN_VALUE, Long.MAX_VALUE);

  public static List<Visibility> of(List<Attempt> attempts) {
    if (attempts.size() <= 1) {
      return List.of(FIRST_ONLY);
    }
    List<Visibility> all = new ArrayList<>();
    long to = Long.MAX_VALUE;
    boolean covered = false;
    for (int i = attempts.size() - 1; i >= 0 && !covered; i--) {
      Long resumedAt = i == 0 ? null : attempts.get(i).fromStep();
      long from = resumedAt == null ? Long.MIN_VALUE : resumedAt;
      if (from <= to) {
        all.add(0, new Visibility(attempts.get(i).number(), from, to));
        to = from - 1;
      }
      covered = from == Long.MIN_VALUE;
    }
    return all;
  }
}
