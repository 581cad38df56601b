package io.trainyard.core.store;

import io.trainyard.core.model.RunState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs to list.
 *
 * @param experiment its id; null: runs of all experiments that are not deleted
 * @param states empty: all
 * @param search matched without regard to case against id, name, task, state, tags and params; null: all
 * @param sort {@code created_at}, {@code name}, {@code state}, {@code duration}, {@code metric:NAME} (its last value)
 *     or {@code param:NAME}; runs without the
 *     value come last in either order, NaN just before them; ties by newest first, then id
 */
public record RunQuery(
    @Nullable String experiment,
    Set<RunState> states,
    @Nullable String task,
    @Nullable String search,
    String sort,
    boolean descending,
    int offset,
    int limit,
    boolean deleted) {}
