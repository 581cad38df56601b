package io.trainyard.core.model;

import java.util.List;

/** What a trained model can be asked. */
public sealed interface Question {
  /** What it asks for: {@code predict}, {@code generate}, {@code score}; in the runner's order and in the API's paths. */
  String kind();

  /** The field of the request that a model may refuse. */
  String subject();

  /**
   * What is on these pictures.
   *
   * @param images files as people have them: PNG, JPEG, GIF or BMP; nobody writes to the arrays any more
   */
  record Predict(List<byte[]> images) implements Question {
    public Predict {
      images = List.copyOf(images);
    }

    @Override
    public String kind() {
      return "predict";
    }

    @Override
    public String subject() {
      return "images";
    }
  }

  /**
   * How a text goes on.
   *
   * @param length tokens to add, in the model's own unit
   * @param temperature 0 takes the likeliest token each time
   */
  record Generate(String prefix, int length, double temperature, long seed) implements Question {
    @Override
    public String kind() {
      return "generate";
    }

    @Override
    public String subject() {
      return "prefix";
    }
  }

  /** How likely a text is. */
  record Score(String text) implements Question {
    @Override
    public String kind() {
      return "score";
    }

    @Override
    public String subject() {
      return "text";
    }
  }
}
