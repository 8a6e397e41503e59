package dev.sluice.cli;

import dev.sluice.data.LabelledText;
import dev.sluice.data.Labels;
import dev.sluice.data.TextEncoder;
import dev.sluice.data.Vocabulary;
import dev.sluice.io.Hyperparameters;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Provenance;
import dev.sluice.io.TrainedClassifier;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Backend;
import dev.sluice.train.Checkpoints;
import dev.sluice.train.DivergedException;
import dev.sluice.train.Objective;
import dev.sluice.train.Optimizer;
import dev.sluice.train.Schedule;
import dev.sluice.train.TextClassification;
import dev.sluice.train.Trainer;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/**
 * Trains a text classifier and saves it, also when it is interrupted: what {@code train} and {@code
 * demo} have in common.
 *
 * @param architecture of the network
 * @param hyperparameters everything else that is set
 */
record ClassifierTraining(TextClassifier.Config architecture, Hyperparameters hyperparameters) {
  /** What the process exits with after Ctrl-C, as shells have it: 128 + SIGINT. */
  static final int INTERRUPTED = 130;

  /** Examples to learn from, and those that choose the best epoch. */
  record Data(List<LabelledText> training, List<LabelledText> validation) {}

  /**
   * What came of it.
   *
   * @param trained the model that was saved
   * @param interrupted whether it was stopped before its end
   */
  record Result(TrainedClassifier trained, boolean interrupted) {}

  /**
   * Trains on {@code data}, writes the best epoch to {@code directory} and tells {@code err}. When it
   * ends before the first epoch does, a model that is there already is not replaced.
   */
  Result run(Data data, ModelDirectory directory, Backend backend, PrintWriter err) {
    try (Interruption interruption = new Interruption()) {
      TextClassifier model = newModel(data.training());
      err.printf(
          "%,d examples, %d labels, %,d tokens, %,d parameters%n",
          data.training().size(),
          model.labels().size(),
          model.vocabulary().size(),
          model.parameters().count());
      Progress progress = new Progress(err, hyperparameters.epochs(), "sequences", Progress.isTerminal());
      Trainer trainer = trainer(model, data, backend, progress);
      try {
        run(trainer, interruption, progress);
      } catch (DivergedException e) {
        if (!trainer.epochs().isEmpty()) {
          directory.write(trained(model, data, trainer));
          err.printf("saved %s%n", inWords(provenance(data, trainer.epochs())));
        }
        throw e;
      }
      TrainedClassifier trained = trained(model, data, trainer);
      if (trainer.epochs().isEmpty() && directory.holdsModel()) {
        err.println("interrupted before an epoch was completed; the model that was there stays");
        return new Result(trained, true);
      }
      directory.write(trained);
      if (interruption.getAsBoolean()) {
        err.println("interrupted; saved " + inWords(trained.provenance()));
      }
      return new Result(trained, interruption.getAsBoolean());
    }
  }

  private static void run(Trainer trainer, Interruption interruption, Progress progress) {
    try {
      trainer.run(interruption);
    } finally {
      progress.clear();
    }
  }

  private TrainedClassifier trained(TextClassifier model, Data data, Trainer trainer) {
    return new TrainedClassifier(model, hyperparameters, provenance(data, trainer.epochs()));
  }

  private TextClassifier newModel(List<LabelledText> training) {
    Vocabulary vocabulary =
        TextEncoder.learn(
            architecture.tokenizer(),
            architecture.ngrams(),
            training.stream().map(LabelledText::text),
            hyperparameters.minCount(),
            hyperparameters.maxVocabulary());
    try {
      TextClassifier model = new TextClassifier(architecture, vocabulary, Labels.in(training));
      model.parameters().initialize(RandomKey.of(hyperparameters.seed()).fold("parameters"));
      return model;
    } catch (ArithmeticException e) {
      throw new UserException(
          "the network has more weights than an array can hold; choose a smaller --hidden,"
              + " --embedding or --max-vocabulary",
          e);
    }
  }

  private Trainer trainer(TextClassifier model, Data data, Backend backend, Progress progress) {
    Objective objective =
        new TextClassification(
            model,
            data.training(),
            data.validation(),
            hyperparameters.batch(),
            0,
            hyperparameters.seed());
    Trainer.Settings settings =
        new Trainer.Settings(
            hyperparameters.epochs(),
            hyperparameters.patience(),
            hyperparameters.learningRate(),
            Schedule.named(hyperparameters.schedule()),
            hyperparameters.clip() == 0 ? Float.POSITIVE_INFINITY : hyperparameters.clip(),
            Float.POSITIVE_INFINITY,
            1,
            hyperparameters.seed());
    Optimizer optimizer = Optimizer.named(hyperparameters.optimizer());
    return new Trainer(backend, objective, optimizer, settings, progress, Checkpoints.NONE);
  }

  private static Provenance provenance(Data data, List<Trainer.Epoch> epochs) {
    Optional<Trainer.Epoch> best =
        epochs.stream().filter(Trainer.Epoch::best).reduce((earlier, later) -> later);
    return new Provenance(
        Version.sluice(),
        Version.java(),
        Provenance.Data.of(data.training()),
        Provenance.Data.of(data.validation()),
        epochs.size(),
        best.map(Trainer.Epoch::epoch).orElse(0),
        best.map(epoch -> epoch.score().value()));
  }

  /** Which weights were saved, for people. */
  static String inWords(Provenance provenance) {
    return provenance
        .validationAccuracy()
        .map(
            accuracy ->
                "the best epoch, %d of %d, validation accuracy %.2f %%"
                    .formatted(provenance.bestEpoch(), provenance.epochs(), 100 * accuracy))
        .orElse("the weights of the last step, as no epoch was completed");
  }
}
