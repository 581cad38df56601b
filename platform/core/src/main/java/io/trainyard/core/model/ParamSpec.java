package io.trainyard.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the hub knows of a task's param without loading its class: read from the inspector's JSON.
 *
 * @param type {@code int}, {@code real}, {@code flag}, {@code choice}, {@code text}, {@code artifact}, {@code list} or
 *     {@code optional}
 * @param fallback the default, typed; null when the param must be given (or, for optional, absent)
 * @param min for int (Long) and real (Double); null when unbounded; likewise max
 * @param element of a list or an optional
 */
public record ParamSpec(
    String name,
    String type,
    String help,
    @Nullable Object fallback,
    @Nullable Number min,
    @Nullable Number max,
    boolean minExclusive,
    List<String> choices,
    int maxLength,
    int minSize,
    int maxSize,
    @Nullable ParamSpec element) {}
