package io.trainyard.runner;

/**
 * Where a training can go on.
 *
 * @param step the last that is done, counted over all epochs; 0 at the start
 * @param epoch the one that goes on there, from 1; one more than there are after the last
 * @param done steps of that epoch that are done
 */
record Position(long step, int epoch, int done) {
  static final Position START = new Position(0, 1, 0);
}
