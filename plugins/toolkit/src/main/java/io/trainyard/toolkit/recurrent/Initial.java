package io.trainyard.toolkit.recurrent;

import io.trainyard.toolkit.Trainer;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** How the weights of a layer begin. Called by the thread that builds the graph. */
public interface Initial {
  Operand<TFloat32> matrix(Trainer trainer, Shape shape);

  Operand<TFloat32> bias(Trainer trainer, Shape shape);

  /** Between -1/sqrt(n) and 1/sqrt(n), biases too, as PyTorch's layers begin. */
  static Initial uniform(int n) {
    double bound = 1 / Math.sqrt(n);
    return new Initial() {
      @Override
      public Operand<TFloat32> matrix(Trainer trainer, Shape shape) {
        return trainer.uniform(shape, bound);
      }

      @Override
      public Operand<TFloat32> bias(Trainer trainer, Shape shape) {
        return trainer.uniform(shape, bound);
      }
    };
  }

  /** Normally distributed around 0; biases are 0. */
  static Initial normal(double deviation) {
    return new Initial() {
      @Override
      public Operand<TFloat32> matrix(Trainer trainer, Shape shape) {
        return trainer.normal(shape, deviation);
      }

      @Override
      public Operand<TFloat32> bias(Trainer trainer, Shape shape) {
        return trainer.zeros(shape.asArray());
      }
    };
  }
}
