/** Linear regression on synthetic data: the smallest training there is, from scratch and concise. */
@NullMarked
package io.trainyard.linreg;

import org.jspecify.annotations.NullMarked;
