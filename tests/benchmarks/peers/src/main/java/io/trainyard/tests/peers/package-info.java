/** What Trainyard's tasks train, trained in PyTorch, for {@code tests/benchmarks/run peers}. */
@NullMarked
package io.trainyard.tests.peers;

import org.jspecify.annotations.NullMarked;
