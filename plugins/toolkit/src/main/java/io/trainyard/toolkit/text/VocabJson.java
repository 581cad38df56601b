package io.trainyard.toolkit.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A vocabulary as JSON. Any thread.
 *
 * <p>The counts, in the order of first occurrence, and the rules say all; the list of tokens is there for whoever reads
 * the file without this class, and has to be what the counts and rules give.
 */
final class VocabJson {
  private static final String FORMAT = "trainyard-vocab";
  private static final int VERSION = 1;
  private static final Set<String> FIELDS =
      Set.of(
          "format", "version", "unit", "normalize", "min_freq", "use_special_tokens", "vocab_order", "tokens",
          "frequencies");
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String where;
  private final Map<String, Object> fields = new HashMap<>();
  private final TokenPool tokens = new TokenPool();
  private final TokenPool seen = new TokenPool();
  private long[] counts = new long[1 << 8];

  private VocabJson(String where) {
    this.where = where;
  }

  static void write(Vocab vocab, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("format", FORMAT);
      json.writeNumberField("version", VERSION);
      json.writeStringField("unit", vocab.preprocessing().unit().id());
      json.writeStringField("normalize", vocab.preprocessing().normalize().id());
      json.writeNumberField("min_freq", vocab.rules().minFreq());
      json.writeBooleanField("use_special_tokens", vocab.rules().specialTokens());
      json.writeStringField("vocab_order", vocab.rules().order().id());
      json.writeArrayFieldStart("tokens");
      for (int index = 0; index < vocab.length(); index++) {
        json.writeString(vocab.token(index));
      }
      json.writeEndArray();
      json.writeArrayFieldStart("frequencies");
      for (int number = 0; number < vocab.distinct(); number++) {
        Vocab.Frequency one = vocab.seen(number);
        json.writeStartArray();
        json.writeString(one.token());
        json.writeNumber(one.count());
        json.writeEndArray();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  static Vocab read(byte[] bytes, String where) throws IOException {
    try (JsonParser json = JSON.createParser(bytes)) {
      return new VocabJson(where).read(json);
    } catch (JsonProcessingException e) {
      throw new IOException(where + " is no vocabulary: " + e.getMessage(), e);
    }
  }

  private Vocab read(JsonParser json) throws IOException {
    expect(json.nextToken() == JsonToken.START_OBJECT, "it is no JSON object");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      expect(FIELDS.contains(name), "the field \"" + name + "\" is not known");
      json.nextToken();
      switch (name) {
        case "tokens" -> readTokens(json);
        case "frequencies" -> readFrequencies(json);
        default -> fields.put(name, scalar(json, name));
      }
    }
    expect(json.nextToken() == null, "something follows after its end");
    TreeSet<String> missing = new TreeSet<>(FIELDS);
    missing.removeAll(fields.keySet());
    expect(missing.isEmpty(), "it lacks " + String.join(", ", missing));
    expect(FORMAT.equals(fields.get("format")), "its format is " + fields.get("format") + ", not " + FORMAT);
    expect(
        Integer.valueOf(VERSION).equals(fields.get("version")),
        "its version is " + fields.get("version") + "; this Trainyard reads version " + VERSION);
    return vocab();
  }

  private Vocab vocab() throws IOException {
    Unit unit = Unit.of(choice("unit", "char", "word"));
    Normalize normalize = Normalize.of(choice("normalize", "course", "lower", "none"));
    Vocab.Order order = Vocab.Order.of(choice("vocab_order", "first", "frequency"));
    Object minFreq = fields.get("min_freq");
    Object special = fields.get("use_special_tokens");
    expect(minFreq instanceof Integer it && it >= 0, "min_freq must be a whole number from 0, but is " + minFreq);
    expect(special instanceof Boolean, "use_special_tokens must be true or false, but is " + special);
    Vocab.Rules rules = new Vocab.Rules((Integer) minFreq, (Boolean) special, order);
    Vocab vocab = Vocab.of(new Preprocessing(unit, normalize), seen, counts, rules);
    expect(
        vocab.length() == tokens.size(),
        "it has " + tokens.size() + " tokens, but its frequencies and rules give " + vocab.length());
    for (int index = 0; index < vocab.length(); index++) {
      String listed = tokens.get(index);
      expect(
          vocab.token(index).equals(listed),
          "its token " + index + " is \"" + listed + "\", but its frequencies and rules give \"" + vocab.token(index)
              + "\"");
    }
    return vocab;
  }

  private void readTokens(JsonParser json) throws IOException {
    expect(json.currentToken() == JsonToken.START_ARRAY, "tokens must be a list");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken() == JsonToken.VALUE_STRING, "token " + tokens.size() + " is not a string");
      String token = json.getText();
      expect(tokens.find(token) < 0, "the token \"" + token + "\" is in it twice");
      tokens.add(token);
    }
    fields.put("tokens", true);
  }

  private void readFrequencies(JsonParser json) throws IOException {
    expect(json.currentToken() == JsonToken.START_ARRAY, "frequencies must be a list");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      int number = seen.size();
      String wrong = "frequency " + number + " must be [\"token\", count] with a count of at least 1";
      expect(json.currentToken() == JsonToken.START_ARRAY, wrong);
      expect(json.nextToken() == JsonToken.VALUE_STRING, wrong);
      String token = json.getText();
      expect(seen.find(token) < 0, "the token \"" + token + "\" has two frequencies");
      expect(json.nextToken() == JsonToken.VALUE_NUMBER_INT && json.getLongValue() >= 1, wrong);
      if (number == counts.length) {
        counts = Arrays.copyOf(counts, 2 * number);
      }
      counts[seen.add(token)] = json.getLongValue();
      expect(json.nextToken() == JsonToken.END_ARRAY, wrong);
    }
    fields.put("frequencies", true);
  }

  private @Nullable Object scalar(JsonParser json, String name) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT -> json.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw wrong(name + " must be a string, a whole number, true or false");
    };
  }

  private String choice(String name, String... choices) throws IOException {
    Object value = fields.get(name);
    expect(List.of(choices).contains(value), name + " must be one of " + List.of(choices) + ", but is " + value);
    return (String) value;
  }

  private void expect(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw wrong(otherwise);
    }
  }

  private IOException wrong(String what) {
    return new IOException(where + " is no vocabulary: " + what + ". Keep one anew with the task text-preprocessing.");
  }
}
