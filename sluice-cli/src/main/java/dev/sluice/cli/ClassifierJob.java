package dev.sluice.cli;

import dev.sluice.data.LabelledText;
import dev.sluice.data.Labels;
import dev.sluice.data.TextEncoder;
import dev.sluice.data.Vocabulary;
import dev.sluice.io.Hyperparameters;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Provenance;
import dev.sluice.io.TrainedClassifier;
import dev.sluice.model.TextClassifier;
import dev.sluice.train.Objective;
import dev.sluice.train.TextClassification;
import dev.sluice.train.TextLabelling;
import dev.sluice.train.Trainer;
import java.util.List;
import java.util.Optional;

/**
 * A text classifier to be trained: what {@code train --task classify} and {@code demo} have in
 * common.
 *
 * @param config what was set
 * @param examples what it learns from
 * @param model with its first weights
 * @param directory where it is saved
 * @param settings the content of run.yaml, if there is to be one
 */
record ClassifierJob(
    Config config,
    Data examples,
    TextClassifier model,
    ModelDirectory directory,
    Optional<String> settings)
    implements TrainingJob {
  /** Examples to learn from, those that choose the best epoch, and the labels there are. */
  record Data(List<LabelledText> training, List<LabelledText> validation, Labels labels) {
    /** Examples that have one label each. */
    Data(List<LabelledText> training, List<LabelledText> validation) {
      this(training, validation, Labels.in(training));
    }
  }

  /** Everything that is set: the network, how it is trained, and what config.json does not tell. */
  record Config(
      TextClassifier.Config architecture, Hyperparameters hyperparameters, float labelSmoothing) {
    /** The network for {@code data}, its weights zero. */
    TextClassifier newModel(Data data) {
      Vocabulary vocabulary =
          TextEncoder.learn(
              architecture.tokenizer(),
              architecture.ngrams(),
              data.training.stream().map(LabelledText::text),
              hyperparameters.minCount(),
              hyperparameters.maxVocabulary());
      return TrainingTask.sized(() -> new TextClassifier(architecture, vocabulary, data.labels));
    }
  }

  @Override
  public String summary() {
    return "%,d examples, %d labels, %,d tokens, %,d parameters"
        .formatted(
            examples.training().size(),
            model.labels().size(),
            model.vocabulary().size(),
            model.parameters().count());
  }

  @Override
  public String data() {
    return "training %s, validation %s"
        .formatted(
            Provenance.Data.of(examples.training()).sha256(),
            Provenance.Data.of(examples.validation()).sha256());
  }

  @Override
  public Objective objective() {
    if (!model.labels().areExclusive()) {
      return new TextLabelling(
          model,
          examples.training(),
          examples.validation(),
          config.hyperparameters.batch(),
          config.hyperparameters.seed());
    }
    return new TextClassification(
        model,
        examples.training(),
        examples.validation(),
        config.hyperparameters.batch(),
        config.labelSmoothing,
        config.hyperparameters.seed());
  }

  @Override
  public List<String> labels() {
    return model.labels().names();
  }

  @Override
  public boolean holdsModel() {
    return directory.holdsModel();
  }

  @Override
  public void save(List<Trainer.Epoch> epochs) {
    Provenance provenance =
        TrainingRun.provenance(
            epochs,
            Provenance.Data.of(examples.training()),
            Provenance.Data.of(examples.validation()));
    directory.write(new TrainedClassifier(model, config.hyperparameters, provenance), settings);
  }
}
