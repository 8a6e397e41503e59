package dev.sluice.cli;

import dev.sluice.io.ModelDirectory;
import dev.sluice.io.TrainedLanguageModel;
import dev.sluice.model.LanguageModel;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.train.LanguageModeling;
import dev.sluice.train.LanguageModeling.Reduction;
import dev.sluice.train.Objective;
import dev.sluice.train.Trainer;
import java.util.List;
import java.util.Optional;

/**
 * A language model to be trained.
 *
 * @param model with its first weights
 * @param directory where it is saved
 * @param settings the content of run.yaml
 * @param training what it learns from, in as many streams as a batch has
 * @param validation what chooses the best epoch
 * @param test what the best epoch is tested on, if anything
 * @param steps of a window
 * @param reduction of the losses of a window
 */
record LanguageModelJob(
    LanguageModel model,
    ModelDirectory directory,
    String settings,
    LanguageModelText training,
    LanguageModelText validation,
    Optional<LanguageModelText> test,
    int steps,
    Reduction reduction)
    implements TrainingJob {
  @Override
  public String summary() {
    return "%,d %s, %,d different, %,d parameters; validation reads %s"
        .formatted(
            training.identity().examples(),
            objective().unit(),
            model.vocabulary().size(),
            model.parameters().count(),
            protocol(validation));
  }

  /** How a text is read, for people. */
  private static String protocol(LanguageModelText text) {
    int streams = text.streams().streams();
    return streams == 1
        ? "every token in one stream"
        : "%d streams and drops the rest".formatted(streams);
  }

  @Override
  public String data() {
    return "training %s, validation %s"
        .formatted(training.identity().sha256(), validation.identity().sha256());
  }

  @Override
  public Objective objective() {
    return new LanguageModeling(model, training.streams(), validation.streams(), steps, reduction);
  }

  @Override
  public boolean holdsModel() {
    return directory.holdsModel();
  }

  @Override
  public void save(List<Trainer.Epoch> epochs) {
    Optional<Double> loss = TrainingRun.best(epochs).map(epoch -> epoch.score().loss());
    directory.write(
        new TrainedLanguageModel(
            model,
            TrainingRun.provenance(epochs, training.identity(), validation.identity()),
            new TrainedLanguageModel.Validation(validation.streams().streams(), loss)),
        Optional.of(settings));
  }

  @Override
  public Optional<Objective.Score> test(Backend backend) {
    Tape tape = Tape.inference(backend, model.parameters());
    return test.map(text -> LanguageModeling.score(tape, model, text.streams()));
  }
}
