package io.trainyard.toolkit.recurrent;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;

/**
 * What a recurrent layer remembers.
 *
 * @param hidden shape (layers * directions, batch, hidden); of a single cell (batch, hidden)
 * @param memory the same shape, of an LSTM; null otherwise
 */
public record State<T extends TNumber>(Operand<T> hidden, @Nullable Operand<T> memory) {}
