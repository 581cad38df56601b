package io.trainyard.core.run;

import java.util.List;

/** A request with fields that cannot be: names all of them at once. */
public final class InvalidRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<FieldError> errors;

  /**
   * What is wrong with one field.
   *
   * @param field as a path: {@code params.learning_rate}
   * @param message goes on after the field's name: "must be greater than 0, but is -1"
   */
  public record FieldError(String field, String message) {}

  public InvalidRequest(List<FieldError> errors) {
    super(text(errors));
    this.errors = List.copyOf(errors);
  }

  public InvalidRequest(String field, String message) {
    this(List.of(new FieldError(field, message)));
  }

  public List<FieldError> errors() {
    return errors;
  }

  private static String text(List<FieldError> errors) {
    StringBuilder text = new StringBuilder();
    for (FieldError error : errors) {
      if (text.length() > 0) {
        text.append("; ");
      }
      text.append(error.field()).append(' ').append(error.message());
    }
    return text.toString();
  }
}
