package io.trainyard.core.model;

/**
 * Which code a run runs: pinned when it is queued, so that a plugin replaced later changes nothing.
 *
 * @param id the task
 * @param pluginFile name of the JAR as it was dropped in
 * @param pluginVersion from its manifest
 * @param pluginSha256 64 hex digits: the name of the copy in {@code plugins/.store}
 */
public record TaskRef(String id, String pluginFile, String pluginVersion, String pluginSha256) {}
