/** The port behind which runs are kept. Knows no file format and no database. */
@NullMarked
package io.trainyard.core.store;

import org.jspecify.annotations.NullMarked;
