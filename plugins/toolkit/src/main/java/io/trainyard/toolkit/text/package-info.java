/**
 * Texts for language models: {@link io.trainyard.toolkit.text.Corpora} finds them, {@link
 * io.trainyard.toolkit.text.Preprocessing} makes tokens of them, {@link io.trainyard.toolkit.text.Vocab} numbers the
 * tokens, and {@link io.trainyard.toolkit.text.Corpus} is all of it together, ready to train on.
 */
@NullMarked
package io.trainyard.toolkit.text;

import org.jspecify.annotations.NullMarked;
