package io.trainyard.spi;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A fixed input of a run. One typed constant gives the field of the form, the flag, the check, the default and the
 * bounds:
 *
 * <pre>{@code static final Param.Real RATE = Param.real("learning_rate", 0.03, "size of a step").above(0); }</pre>
 *
 * <p>Names are snake_case; on the command line {@code --learning-rate} and {@code --learning_rate} are the same.
 * A default of {@code null} means that the param must be given.
 *
 * @param <T> what {@link Run#get} answers
 */
public sealed interface Param<T> {
  /** snake_case, at most 63 characters. */
  String name();

  /** A short phrase for the form and {@code --help}, with the unit where there is one. */
  String help();

  /** Used when the param is not given; {@code null} where it must be. */
  @Nullable T fallback();

  /**
   * The value as this param's type: JSON's numbers, strings, booleans and lists are what it takes.
   *
   * @throws IllegalArgumentException if it breaks the rules; the message goes on after the name: "must be greater than
   * 0, but is -1"
   */
  default T read(Object value) {
    return Reading.read(this, value);
  }

  static Int integer(String name, long fallback, String help) {
    return new Int(name, help, fallback, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  static Real real(String name, double fallback, String help) {
    return new Real(name, help, fallback, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false);
  }

  static Flag flag(String name, boolean fallback, String help) {
    return new Flag(name, help, fallback);
  }

  /** The first choice is the default. */
  static Choice choice(String name, String help, String... choices) {
    return new Choice(name, help, choices.length == 0 ? null : choices[0], List.of(choices));
  }

  static Text text(String name, @Nullable String fallback, String help) {
    return new Text(name, help, fallback, 10_000);
  }

  /** A file that another run keeps; it must be given, unless this is made {@link #optional}. */
  static Artifact artifact(String name, String help) {
    return new Artifact(name, help);
  }

  /** A list whose elements satisfy {@code element}; name and help are the element's. */
  static <E> Many<E> list(Param<E> element, List<E> fallback) {
    return new Many<>(element, fallback, 0, 1000);
  }

  /** A param that may be left out; its default is to be absent. Name and help are the inner param's. */
  static <E> Maybe<E> optional(Param<E> of) {
    return new Maybe<>(of);
  }

  /** A whole number, {@code min} and {@code max} included. */
  record Int(String name, String help, @Nullable Long fallback, long min, long max) implements Param<Long> {
    public Int {
      Names.check(name);
      if (min > max || (fallback != null && (fallback < min || fallback > max))) {
        throw new IllegalArgumentException(
            "param " + name + ": default " + fallback + " is not in " + min + ".." + max);
      }
    }

    public Int between(long min, long max) {
      return new Int(name, help, fallback, min, max);
    }

    public Int atLeast(long min) {
      return new Int(name, help, fallback, min, max);
    }

    public Int required() {
      return new Int(name, help, null, min, max);
    }
  }

  /** A finite number. {@code max} is included; {@code min} too, unless {@code minExclusive}. */
  record Real(String name, String help, @Nullable Double fallback, double min, double max, boolean minExclusive)
      implements Param<Double> {
    public Real {
      Names.check(name);
      if (fallback != null && (!(minExclusive ? fallback > min : fallback >= min) || !(fallback <= max))) {
        throw new IllegalArgumentException("param " + name + ": default " + fallback + " is out of its bounds");
      }
    }

    public Real between(double min, double max) {
      return new Real(name, help, fallback, min, max, false);
    }

    public Real atLeast(double min) {
      return new Real(name, help, fallback, min, max, false);
    }

    /** Greater than {@code min}. */
    public Real above(double min) {
      return new Real(name, help, fallback, min, max, true);
    }

    public Real required() {
      return new Real(name, help, null, min, max, minExclusive);
    }
  }

  /** Yes or no. */
  record Flag(String name, String help, Boolean fallback) implements Param<Boolean> {
    public Flag {
      Names.check(name);
    }
  }

  /** One of a few words. */
  record Choice(String name, String help, @Nullable String fallback, List<String> choices) implements Param<String> {
    public Choice {
      Names.check(name);
      choices = List.copyOf(choices);
      if (choices.isEmpty() || (fallback != null && !choices.contains(fallback))) {
        throw new IllegalArgumentException("param " + name + ": default " + fallback + " is not one of " + choices);
      }
    }
  }

  /** Any text of at most {@code maxLength} characters. */
  record Text(String name, String help, @Nullable String fallback, int maxLength) implements Param<String> {
    public Text {
      Names.check(name);
    }
  }

  /** A file that another run keeps; {@link Run#artifact} opens it. That it is there is checked before the run starts. */
  record Artifact(String name, String help) implements Param<ArtifactRef> {
    public Artifact {
      Names.check(name);
    }

    @Override
    public @Nullable ArtifactRef fallback() {
      return null;
    }
  }

  /** A list. Its size is checked, and each of its elements. */
  record Many<E>(Param<E> element, @Nullable List<E> fallback, int minSize, int maxSize) implements Param<List<E>> {
    public Many {
      fallback = fallback == null ? null : List.copyOf(fallback);
      if (element instanceof Many || element instanceof Maybe) {
        throw new IllegalArgumentException("param " + element.name() + ": a list holds plain values");
      }
    }

    public Many<E> size(int min, int max) {
      return new Many<>(element, fallback, min, max);
    }

    @Override
    public String name() {
      return element.name();
    }

    @Override
    public String help() {
      return element.help();
    }
  }

  /** A param that may be absent. */
  record Maybe<E>(Param<E> of) implements Param<Optional<E>> {
    public Maybe {
      if (of instanceof Maybe) {
        throw new IllegalArgumentException("param " + of.name() + " is optional twice");
      }
    }

    @Override
    public String name() {
      return of.name();
    }

    @Override
    public String help() {
      return of.help();
    }

    @Override
    public Optional<E> fallback() {
      return Optional.empty();
    }
  }

  /** The rule for names. */
  final class Names {
    private static final Pattern SNAKE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

    private Names() {}

    static void check(String name) {
      if (name.length() > 63 || !SNAKE.matcher(name).matches()) {
        throw new IllegalArgumentException("param name \"" + name + "\" must be snake_case, at most 63 characters");
      }
    }
  }
}
