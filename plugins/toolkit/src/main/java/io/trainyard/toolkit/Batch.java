package io.trainyard.toolkit;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * Some of the examples, one a row, as the operations of a step see them.
 *
 * @param <Y> the labels' type
 */
public record Batch<Y extends TType>(Operand<TFloat32> inputs, Operand<Y> labels) {}
