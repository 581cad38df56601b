package io.trainyard.spi;

import java.util.List;

/**
 * A task whose trained model can be asked about pictures: a {@link Task} implements it beside. Each question gets a
 * fresh instance, and one thread calls it.
 */
public interface Predictor {
  /** What the model takes; pictures of another size or with colours are scaled and turned to grey before. */
  Input input();

  /**
   * Builds the model from the run's params, has its state restored by {@link Run#resumable}, and answers.
   *
   * @param run the finished run: the same params, seed and data folder; nothing can be logged to it
   * @param pictures of the size and channels of {@link #input()}
   * @return an answer for each, in the same order
   */
  List<Prediction> predict(Run run, List<Exhibit.Picture> pictures) throws Exception;

  /**
   * A shape of pictures.
   *
   * @param channels 1 (grey) or 3
   */
  record Input(int width, int height, int channels) {
    public Input {
      if (width < 1 || height < 1 || (channels != 1 && channels != 3)) {
        throw new IllegalArgumentException(
            "a model takes pictures with 1 or 3 channels, not of " + width + " x " + height + " x " + channels);
      }
    }
  }

  /** The classes with their probabilities, the likeliest first. */
  record Prediction(List<Score> scores) {
    public Prediction {
      scores = List.copyOf(scores);
    }
  }

  /** A class and its probability. */
  record Score(String label, double probability) {}
}
