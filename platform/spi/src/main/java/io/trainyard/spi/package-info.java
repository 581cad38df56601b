/**
 * All that the author of a plugin imports. Needs the JDK alone.
 *
 * <p>Start with {@link io.trainyard.spi.Task}. A plugin is a JAR with one or more tasks, each named in
 * {@code META-INF/services/io.trainyard.spi.Task}, and the manifest entry {@code Trainyard-Spi: 1}.
 */
@NullMarked
package io.trainyard.spi;

import org.jspecify.annotations.NullMarked;
