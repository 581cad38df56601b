/**
 * What training code shares: {@link io.trainyard.toolkit.Trainer} runs the loop, the rest are the parts that a plugin
 * puts together. Shaded into each plugin, so two plugins may use two versions of it.
 */
@NullMarked
package io.trainyard.toolkit;

import org.jspecify.annotations.NullMarked;
