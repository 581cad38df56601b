package io.trainyard.mlp;

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
import io.trainyard.toolkit.Optimizer;
import io.trainyard.toolkit.PictureReport;
import io.trainyard.toolkit.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tensorflow.types.TInt32;

/** Tells clothes apart with layers of hidden units. The thread that trains calls. */
public final class Mlp implements Task, Predictor {
  static final Param.Many<Long> HIDDEN_SIZES =
      Param.list(Param.integer("hidden_sizes", 1, "units of each hidden layer").between(1, 8192), List.of(256L))
          .size(0, 20);
  static final Param.Choice ACTIVATION =
      Param.choice("activation", "what follows a hidden layer", "relu", "sigmoid", "tanh", "none");
  static final Param.Choice IMPLEMENTATION =
      Param.choice("implementation", "activation by its formula, or TensorFlow's", "scratch", "concise");
  static final Param.Choice INIT = Param.choice("init", "weights: deviation 0.01, or Xavier's", "normal", "xavier");
  static final Param.Choice OPTIMIZER = Param.choice("optimizer", "how a step is made", "sgd", "momentum", "adam");
  static final Param.Real LEARNING_RATE = Param.real("learning_rate", 0.1, "size of a step").above(0);
  static final Param.Real WEIGHT_DECAY = Param.real("weight_decay", 0, "times rate and weight, a step").atLeast(0);
  static final Param.Real DROPOUT = Param.real("dropout", 0, "share of hidden units left out").between(0, 0.95);
  static final Param.Int BATCH_SIZE = Param.integer("batch_size", 256, "pictures in a step").between(1, 10_000);
  static final Param.Int EPOCHS = Param.integer("epochs", 10, "passes over the data").between(1, 10_000);
  static final Param.Flag GRAD_NORMS = Param.flag("grad_norms", true, "log each layer's gradient norm at each step");

  @Override
  public TaskSpec spec() {
    return TaskSpec.of("mlp", "Multilayer perceptron")
        .description("Tells the ten classes of Fashion-MNIST apart, and shows how gradients vanish in deep models.")
        .params(HIDDEN_SIZES, ACTIVATION, IMPLEMENTATION, INIT, OPTIMIZER, LEARNING_RATE, WEIGHT_DECAY, DROPOUT,
            BATCH_SIZE, EPOCHS, GRAD_NORMS, Trainer.STEPS_PER_SECOND)
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
    trainer.beforeTraining(() -> Figures.show(run, trainer));

    // Model
    Layers layers = Layers.of(run, trainer);
    trainer.norms(run.get(GRAD_NORMS), layers.variables());

    // Loss
    Classifier classifier = new Classifier(layers, Losses::crossEntropy);

    // Optimizer
    double rate = run.get(LEARNING_RATE);
    Optimizer optimizer = Optimizer.named(run.get(OPTIMIZER), rate).decay(rate, run.get(WEIGHT_DECAY));

    // Loop and evaluation
    PictureReport report = PictureReport.of(trainer, classifier, pictures.test());
    trainer.train(data, classifier, optimizer, run.get(EPOCHS).intValue(), run.get(BATCH_SIZE).intValue(),
        report.andThen(epoch -> layers.show(run, trainer, epoch.step())));
  }

  @Override
  public Input input() {
    return new Input(FashionMnist.WIDTH, FashionMnist.HEIGHT, 1);
  }

  @Override
  public List<Prediction> predict(Run run, List<Picture> pictures) throws IOException {
    return Classifier.predict(run, trainer -> Layers.of(run, trainer), FashionMnist.CLASSES, pictures);
  }
}
