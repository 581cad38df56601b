/** What people type. Talks to a hub by its HTTP API alone, and starts one in this process when none is up. */
@NullMarked
package io.trainyard.cli;

import org.jspecify.annotations.NullMarked;
