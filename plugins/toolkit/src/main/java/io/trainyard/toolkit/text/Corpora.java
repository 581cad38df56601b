package io.trainyard.toolkit.text;

import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.InvalidDataException;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.Places;
import io.trainyard.toolkit.Published;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The texts that tasks learn from, by name or by path, and the params that all of these tasks share. Used by the thread
 * that trains.
 */
public final class Corpora {
  public static final String AUTO = "auto";
  public static final String TIME_MACHINE = "time-machine";
  public static final String TINY_SHAKESPEARE = "tiny-shakespeare";
  public static final String WIKITEXT_2 = "wikitext-2";
  public static final String SYNTHETIC = "synthetic";

  public static final Param.Text CORPUS =
      Param.text(
          "corpus",
          AUTO,
          "time-machine, tiny-shakespeare, wikitext-2, synthetic, or the path of a text file or of a folder of *.txt;"
              + " auto is The Time Machine where it is on this machine, else synthetic");
  public static final Param.Choice UNIT =
      Param.choice("unit", "what a token is; Chinese characters are words, too", "char", "word");
  public static final Param.Choice NORMALIZE =
      Param.choice(
          "normalize",
          "course: letters a to z in small, all else a space; lower: in small; none: as it is; auto: course for The"
              + " Time Machine, none for others",
          AUTO,
          "course",
          "lower",
          "none");
  public static final Param.Int MAX_TOKENS =
      Param.integer("max_tokens", 0, "takes only the first so many tokens; 0 takes all").between(0, 1_000_000_000);
  public static final Param.Real SPLIT =
      Param.real("split", 0.9, "share of the tokens to train on, from the beginning; the rest is held out")
          .between(0.01, 1);
  public static final Param.Int MIN_FREQ =
      Param.integer("min_freq", 1, "a token is in the vocabulary when it comes at least so often")
          .between(0, Integer.MAX_VALUE);
  public static final Param.Flag USE_SPECIAL_TOKENS =
      Param.flag(
          "use_special_tokens", false, "the vocabulary begins with <pad> <bos> <eos> <unk>, not with <unk> alone");
  public static final Param.Choice VOCAB_ORDER =
      Param.choice("vocab_order", "of first occurrence, or the most frequent first", "first", "frequency");
  public static final Param.Choice VOCAB_FROM =
      Param.choice(
          "vocab_from",
          "where tokens are counted for the vocabulary: in all of the text, so that none is unknown, or in what is"
              + " trained on",
          "all",
          "train");
  public static final Param.Maybe<ArtifactRef> VOCAB =
      Param.optional(
          Param.artifact("vocab", "the vocab.json of another run instead of counting; its unit must be the same"));

  private static final Logger log = LoggerFactory.getLogger(Corpora.class);

  static final Published THE_TIME_MACHINE =
      new Published(
          "The Time Machine",
          TIME_MACHINE,
          "0.2 MB",
          List.of(
              new Published.Item(
                  "timemachine.txt", "8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516")),
          Optional.empty(),
          List.of(
              URI.create(
                  "https://raw.githubusercontent.com/d2l-ai/d2l-zh/592fbef84a684e752393edbf267c07dbc53e082b/data/"),
              URI.create("http://d2l-data.s3-accelerate.amazonaws.com/")));

  static final Published SHAKESPEARE =
      new Published(
          "tiny Shakespeare",
          TINY_SHAKESPEARE,
          "1.1 MB",
          List.of(
              new Published.Item("input.txt", "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed")),
          Optional.empty(),
          List.of(URI.create("https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/")));

  /**
   * Its training part, 11 MB, is left out: this is for a look at text with {@code <unk>} in it, not for its figures.
   */
  private static final Published WIKITEXT =
      new Published(
          "WikiText-2 (its valid and test parts)",
          WIKITEXT_2,
          "2.4 MB",
          List.of(
              new Published.Item("valid.txt", "f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8"),
              new Published.Item("test.txt", "d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0")),
          Optional.empty(),
          List.of(
              URI.create(
                  "https://raw.githubusercontent.com/pytorch/examples/main/word_language_model/data/wikitext-2/")));

  private Corpora() {}

  /** The params of a task that learns from a text: the shared ones, then its own. */
  public static Param<?>[] params(Param<?>... own) {
    return Stream.concat(
            Stream.of(
                CORPUS, UNIT, NORMALIZE, MAX_TOKENS, SPLIT, MIN_FREQ, USE_SPECIAL_TOKENS, VOCAB_ORDER, VOCAB_FROM,
                VOCAB),
            Stream.of(own))
        .toArray(Param<?>[]::new);
  }

  /**
   * Finds the text that the run's params name; downloads it where it is a published one that is nowhere.
   *
   * @throws InvalidDataException names all the ways to get it
   */
  public static Source find(Run run) {
    String corpus = run.get(CORPUS).strip();
    Optional<Path> data = run.dataFolder();
    return switch (corpus) {
      case AUTO -> {
        Optional<Path> folder = Places.of(THE_TIME_MACHINE, data).find();
        log.info(
            "corpus auto: {}",
            folder.map(it -> "The Time Machine is in " + it).orElse("no Time Machine on this machine, so synthetic"));
        yield folder.map(it -> published(THE_TIME_MACHINE, it)).orElseGet(() -> synthetic(run));
      }
      case TIME_MACHINE -> published(THE_TIME_MACHINE, Places.of(THE_TIME_MACHINE, data).get(run));
      case TINY_SHAKESPEARE -> published(SHAKESPEARE, Places.of(SHAKESPEARE, data).get(run));
      case WIKITEXT_2 -> published(WIKITEXT, Places.of(WIKITEXT, data).get(run));
      case SYNTHETIC -> synthetic(run);
      default -> ofPath(corpus, data);
    };
  }

  /** How the run's params make tokens of a text. */
  public static Preprocessing preprocessing(Run run, Source source) {
    String normalize = run.get(NORMALIZE);
    return new Preprocessing(
        Unit.of(run.get(UNIT)), normalize.equals(AUTO) ? source.normalize() : Normalize.of(normalize));
  }

  /** The rules of the vocabulary in the run's params. */
  public static Vocab.Rules rules(Run run) {
    return new Vocab.Rules(
        run.get(MIN_FREQ).intValue(), run.get(USE_SPECIAL_TOKENS), Vocab.Order.of(run.get(VOCAB_ORDER)));
  }

  /**
   * The vocabulary of another run that the params name, if they do.
   *
   * @throws InvalidDataException if it is none, or its tokens were made in another way
   */
  public static Optional<Vocab> vocab(Run run, Preprocessing how) throws IOException {
    Optional<ArtifactRef> named = run.get(VOCAB);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    ArtifactRef input = named.get();
    Vocab vocab;
    try {
      vocab = Vocab.ofJson(Files.readAllBytes(run.artifact(input)), input.toString());
    } catch (IOException e) {
      throw new InvalidDataException("vocab: " + e.getMessage());
    }
    if (!vocab.preprocessing().equals(how)) {
      throw new InvalidDataException(
          "vocab " + input + " has tokens of " + vocab.preprocessing() + ", but this run makes them of " + how
              + ". Give it the unit and normalize of the vocabulary: --unit " + vocab.preprocessing().unit().id()
              + " --normalize " + vocab.preprocessing().normalize().id() + ".");
    }
    log.info("vocab {}: {} tokens; min_freq, vocab_order and vocab_from do not matter with it", input, vocab.length());
    return Optional.of(vocab);
  }

  /** Notes in the run's provenance what was read. */
  public static void note(Run run, Source source, Preprocessing how, String sha256) {
    run.provenance("data.name", source.name());
    run.provenance("data.sha256", sha256);
    run.provenance("data.preprocessing", how.toString());
    source.folder().ifPresent(it -> run.provenance("data.folder", it.toString()));
    source.entropyRate().ifPresent(it -> run.provenance("data.entropy_rate", Double.toString(it)));
  }

  private static Source published(Published what, Path folder) {
    List<Path> files = what.files().stream().map(it -> it.in(folder)).toList();
    return Source.ofFiles(what.name(), files, what == THE_TIME_MACHINE ? Normalize.COURSE : Normalize.NONE);
  }

  private static Source synthetic(Run run) {
    MarkovSource made = MarkovSource.of(Unit.of(run.get(UNIT)));
    return Source.ofMemory(SYNTHETIC, made.text(), made.entropyRate());
  }

  private static Source ofPath(String corpus, Optional<Path> data) {
    String names = String.join(", ", AUTO, TIME_MACHINE, TINY_SHAKESPEARE, WIKITEXT_2, SYNTHETIC);
    if (corpus.isEmpty()) {
      throw new InvalidDataException("corpus is empty; it is one of " + names + ", or the path of a text");
    }
    Path path;
    try {
      path = data.map(it -> it.resolve(corpus)).filter(Files::exists).orElse(Path.of(corpus));
    } catch (InvalidPathException e) {
      throw new InvalidDataException(
          "corpus \"" + corpus + "\" is none of " + names + ", and no path: " + e.getMessage());
    }
    if (Files.isRegularFile(path)) {
      return Source.ofFiles(path.getFileName().toString(), List.of(path), Normalize.NONE);
    }
    if (!Files.isDirectory(path)) {
      throw new InvalidDataException(
          "corpus \"" + corpus + "\" is none of " + names + ", and neither a file nor a folder"
              + data.map(it -> ", here or in " + it).orElse("")
              + ". Give the whole path, from /, of a text in UTF-8 or of a folder with *.txt files.");
    }
    try (Stream<Path> inside = Files.list(path)) {
      List<Path> files =
          inside
              .filter(it -> it.getFileName().toString().endsWith(".txt") && Files.isRegularFile(it))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new InvalidDataException("corpus " + path + " is a folder without a *.txt file");
      }
      return Source.ofFiles(path.toAbsolutePath().normalize().getFileName().toString(), files, Normalize.NONE);
    } catch (IOException e) {
      throw new InvalidDataException("corpus " + path + " cannot be read: " + e.getMessage());
    }
  }
}
