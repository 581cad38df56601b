package io.trainyard.softmax;

import io.trainyard.spi.Exhibit.Picture;
import io.trainyard.spi.Param;
import io.trainyard.spi.Predictor;
import io.trainyard.spi.Run;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import io.trainyard.toolkit.Batch;
import io.trainyard.toolkit.Classifier;
import io.trainyard.toolkit.Data;
import io.trainyard.toolkit.FashionMnist;
import io.trainyard.toolkit.Losses;
import io.trainyard.toolkit.Model;
import io.trainyard.toolkit.Optimizer;
import io.trainyard.toolkit.PictureReport;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.Variable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TInt32;

/** Tells clothes apart by one weight for each pixel and class. The thread that trains calls. */
public final class Softmax implements Task, Predictor {
  static final Param.Choice IMPLEMENTATION =
      Param.choice("implementation", "cross entropy by its formula, or fused from the logits", "scratch", "fused");
  static final Param.Real LEARNING_RATE = Param.real("learning_rate", 0.1, "size of a step").above(0);
  static final Param.Int BATCH_SIZE = Param.integer("batch_size", 256, "pictures in a step").between(1, 10_000);
  static final Param.Int EPOCHS = Param.integer("epochs", 10, "passes over the data").between(1, 10_000);

  private static final int CLASSES = FashionMnist.CLASSES.size();

  @Override
  public TaskSpec spec() {
    return TaskSpec.of("softmax", "Softmax regression")
        .description("Tells the ten classes of Fashion-MNIST apart with a linear model, naively or numerically stable.")
        .params(IMPLEMENTATION, LEARNING_RATE, BATCH_SIZE, EPOCHS, Trainer.STEPS_PER_SECOND)
        .metrics(Trainer.TRAIN_LOSS, Trainer.GRAD_NORM, Trainer.EPOCH_LOSS, PictureReport.TRAIN_ACCURACY,
            PictureReport.TEST_LOSS, PictureReport.TEST_ACCURACY, Trainer.RATE)
        .best(PictureReport.TEST_ACCURACY)
        .bands(Published.BANDS);
  }

  @Override
  public Optional<String> unavailable(Optional<Path> data) {
    return FashionMnist.unavailable(data);
  }

  @Override
  public void train(Run run) throws Exception {
    Trainer.with(run, trainer -> train(run, trainer.pace(run.get(Trainer.STEPS_PER_SECOND))));
  }

  private static void train(Run run, Trainer trainer) throws Exception {
    // Data
    FashionMnist pictures = FashionMnist.load(run);
    Data<Batch<TInt32>> data = trainer.data(pictures.train());
    PictureReport.showSamples(run, pictures.train());

    // Model
    Model model = model(trainer);

    // Loss
    boolean scratch = run.get(IMPLEMENTATION).equals("scratch");
    Classifier classifier = new Classifier(model, scratch ? Scratch::crossEntropy : Losses::crossEntropy);

    // Optimizer
    Optimizer optimizer = Optimizer.sgd(run.get(LEARNING_RATE));

    // Loop and evaluation
    PictureReport report = PictureReport.of(trainer, classifier, pictures.test());
    trainer.train(data, classifier, optimizer, run.get(EPOCHS).intValue(), run.get(BATCH_SIZE).intValue(), report);
  }

  private static Model model(Trainer trainer) {
    Variable w = trainer.variable("w", trainer.normal(Shape.of(FashionMnist.PIXELS, CLASSES), 0.01));
    Variable b = trainer.variable("b", trainer.zeros(CLASSES));
    return (tf, x, noise) -> tf.math.add(tf.linalg.matMul(x, w.read(tf)), b.read(tf));
  }

  @Override
  public Input input() {
    return new Input(FashionMnist.WIDTH, FashionMnist.HEIGHT, 1);
  }

  @Override
  public List<Prediction> predict(Run run, List<Picture> pictures) throws IOException {
    return Classifier.predict(run, Softmax::model, FashionMnist.CLASSES, pictures);
  }
}
