/** Answers from memory, chunks and view, on the reader threads. */
@NullMarked
package io.trainyard.store.read;

import org.jspecify.annotations.NullMarked;
