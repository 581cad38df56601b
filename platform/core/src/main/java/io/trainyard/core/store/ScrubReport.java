package io.trainyard.core.store;

import java.util.List;

/**
 * What a read of every byte has found.
 *
 * @param files read
 * @param bytes read
 * @param records whose checksums were right
 * @param problems a sentence each: file, place, what is wrong, what it means; empty when all is well
 */
public record ScrubReport(int files, long bytes, long records, List<String> problems) {}
