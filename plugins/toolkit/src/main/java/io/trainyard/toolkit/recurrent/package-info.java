/** Recurrent layers and what trains language models with them: samplers, cells, losses, evaluation, samples. */
@NullMarked
package io.trainyard.toolkit.recurrent;

import org.jspecify.annotations.NullMarked;
