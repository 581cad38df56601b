/** What a text is made of: its tokens, their vocabulary, how frequent they are and what stands beside what. */
@NullMarked
package io.trainyard.textpreprocessing;

import org.jspecify.annotations.NullMarked;
