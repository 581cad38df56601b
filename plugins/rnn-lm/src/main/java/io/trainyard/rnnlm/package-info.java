/** Recurrent language models: cells, layers, a language model of characters or words, and what it says. */
@NullMarked
package io.trainyard.rnnlm;

import org.jspecify.annotations.NullMarked;
