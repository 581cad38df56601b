@NullMarked
package io.trainyard.testkit;

import org.jspecify.annotations.NullMarked;
