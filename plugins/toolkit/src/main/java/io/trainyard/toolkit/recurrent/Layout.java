package io.trainyard.toolkit.recurrent;

/**
 * How large a recurrent layer is.
 *
 * @param input columns of its input
 * @param hidden columns of its state
 * @param layers how many lie on each other
 * @param bidirectional whether each is read from both ends
 */
public record Layout(Cell cell, int input, int hidden, int layers, boolean bidirectional) {
  public int directions() {
    return bidirectional ? 2 : 1;
  }

  /** Columns of what comes out. */
  public int output() {
    return directions() * hidden;
  }

  /** Rows of a state's first dimension. */
  public int states() {
    return layers * directions();
  }

  /** Columns of what goes into a layer, counted from 0. */
  int input(int layer) {
    return layer == 0 ? input : output();
  }

  /** As PyTorch ends the names of its weights: {@code l0}, {@code l0_reverse}, {@code l1}. */
  String suffix(int state) {
    return "l" + state / directions() + (state % directions() == 1 ? "_reverse" : "");
  }
}
