@NullMarked
package io.trainyard.toolkit.text;

import org.jspecify.annotations.NullMarked;
