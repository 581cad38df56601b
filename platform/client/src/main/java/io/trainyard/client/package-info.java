/**
 * The spool: how a training process hands its points to an agent without waiting for it. Needs the JDK alone.
 *
 * <p>{@link io.trainyard.client.SpoolWriter} is the training's side, {@link io.trainyard.client.SpoolReader} the
 * agent's. They share a folder and nothing else: either may be killed at any instruction, and the other goes on.
 */
@NullMarked
package io.trainyard.client;

import org.jspecify.annotations.NullMarked;
