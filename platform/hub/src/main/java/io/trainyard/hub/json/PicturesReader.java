package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.Question;
import io.trainyard.core.run.InvalidRequest;
import io.trainyard.core.run.InvalidRequest.FieldError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a question about pictures, one picture after the other: they are large, and never stand in memory as a tree. For
 * a worker; for one body.
 */
final class PicturesReader {
  private static final int MOST = 16;
  private static final int MOST_BYTES = 20 << 20;

  private static final String IMAGES = "images";
  private static final String CHECKPOINT = "checkpoint";

  private final JsonParser in;
  private final List<FieldError> errors = new ArrayList<>();
  private final List<byte[]> images = new ArrayList<>();
  private @Nullable String checkpoint;
  private boolean given;

  PicturesReader(JsonParser in) {
    this.in = in;
  }

  /** Throws {@link InvalidRequest} for all that is wrong, a picture by its number: {@code images.2} is the second. */
  QuestionJson read() throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw new BadJson("The body must be a JSON object: {...}");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      if (field.equals(IMAGES)) {
        images();
      } else if (field.equals(CHECKPOINT)) {
        checkpoint();
      } else {
        errors.add(new FieldError(field, "is not a field here; there are " + IMAGES + ", " + CHECKPOINT));
        in.skipChildren();
      }
    }
    if (in.nextToken() != null) {
      throw new BadJson("The body has something behind its end.");
    }
    if (!given) {
      errors.add(new FieldError(IMAGES, "must be given"));
    }
    if (!errors.isEmpty()) {
      throw new InvalidRequest(errors);
    }
    return new QuestionJson(new Question.Predict(images), checkpoint);
  }

  private void checkpoint() throws IOException {
    JsonToken token = in.currentToken();
    boolean known = token == JsonToken.VALUE_STRING && List.of(Artifact.BEST, Artifact.LAST).contains(in.getText());
    if (known) {
      checkpoint = in.getText();
    } else if (token != JsonToken.VALUE_NULL) {
      errors.add(new FieldError(CHECKPOINT, "must be \"best\" or \"last\""));
      in.skipChildren();
    }
  }

  private void images() throws IOException {
    given = true;
    if (in.currentToken() != JsonToken.START_ARRAY) {
      errors.add(new FieldError(IMAGES, "must be a list of texts, each a picture in base64"));
      in.skipChildren();
      return;
    }
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      count++;
      if (count <= MOST) {
        image(IMAGES + "." + count);
      } else {
        in.skipChildren();
      }
    }
    if (count == 0 || count > MOST) {
      errors.add(new FieldError(IMAGES, "must have 1 to " + MOST + " pictures, but has " + count));
    }
  }

  private void image(String field) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      errors.add(new FieldError(field, "must be a text: a picture in base64"));
      in.skipChildren();
      return;
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(in.getText());
    } catch (IllegalArgumentException e) {
      errors.add(new FieldError(field, "is not base64: " + e.getMessage()));
      return;
    }
    if (bytes.length > MOST_BYTES) {
      String size = "must have at most " + (MOST_BYTES >> 20) + " MiB, but has " + bytes.length + " bytes";
      errors.add(new FieldError(field, size));
    } else if (!isPicture(bytes)) {
      errors.add(new FieldError(field, "is no picture: it must be a PNG, JPEG, GIF or BMP"));
    }
    images.add(bytes);
  }

  /** By the first bytes; what follows is for the runner to read. */
  private static boolean isPicture(byte[] bytes) {
    return begins(bytes, 0x89, 'P', 'N', 'G')
        || begins(bytes, 0xff, 0xd8, 0xff)
        || begins(bytes, 'G', 'I', 'F', '8')
        || begins(bytes, 'B', 'M');
  }

  private static boolean begins(byte[] bytes, int... with) {
    if (bytes.length < with.length) {
      return false;
    }
    for (int i = 0; i < with.length; i++) {
      if ((bytes[i] & 0xff) != with[i]) {
        return false;
      }
    }
    return true;
  }
}
