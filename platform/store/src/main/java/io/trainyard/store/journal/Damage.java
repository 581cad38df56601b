package io.trainyard.store.journal;

/**
 * Bytes of the journal that are not what was written.
 *
 * @param path the segment
 * @param from first bad byte
 * @param to behind the last bad byte
 * @param sentence what is wrong and what it means, for people
 */
public record Damage(String path, long from, long to, String sentence) {}
