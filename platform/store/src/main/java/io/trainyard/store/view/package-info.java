/** The index in MapDB: what spares a start from reading every chunk. Never the truth: it can be deleted at any time. */
@NullMarked
package io.trainyard.store.view;

import org.jspecify.annotations.NullMarked;
