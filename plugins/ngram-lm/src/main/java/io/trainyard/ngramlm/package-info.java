/**
 * N-gram language models: counts of short sequences of tokens, three ways to make probabilities of them, perplexities.
 */
@NullMarked
package io.trainyard.ngramlm;

import org.jspecify.annotations.NullMarked;
