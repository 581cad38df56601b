package io.trainyard.hub.api;

import java.util.function.Supplier;

/**
 * What a hub says of itself.
 *
 * @param instance names this start of it
 * @param url where it listens; known only once it does
 */
public record HubFacts(String version, String instance, long startedAt, String home, Supplier<String> url) {}
