/** Kills real hubs and real runners, breaks files, fills disks, and looks whether anything was lost. */
@NullMarked
package io.trainyard.tests.crash;

import org.jspecify.annotations.NullMarked;
