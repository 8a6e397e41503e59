package dev.sluice.cli;

import dev.sluice.io.LabellingModel;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Provenance;
import dev.sluice.train.Objective;
import dev.sluice.train.Trainer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A model that gives labels to be trained, whatever its task; text classifiers have {@link ClassifierJob}.
 *
 * @param summary what there is to learn
 * @param training the data it learns from
 * @param validation the data that choose the best epoch
 * @param objective what is trained
 * @param labels the names of the model's classes
 * @param directory where it is saved
 * @param model what is saved, with where it comes from
 * @param settings the content of run.yaml
 */
record LabellingJob(
    String summary,
    Provenance.Data training,
    Provenance.Data validation,
    Objective objective,
    List<String> labels,
    ModelDirectory directory,
    Function<Provenance, LabellingModel> model,
    String settings)
    implements TrainingJob {
  @Override
  public String data() {
    return "training %s, validation %s".formatted(training.sha256(), validation.sha256());
  }

  @Override
  public boolean holdsModel() {
    return directory.holdsModel();
  }

  @Override
  public void save(List<Trainer.Epoch> epochs) {
    Provenance provenance = TrainingRun.provenance(epochs, training, validation);
    directory.write(model.apply(provenance), Optional.of(settings));
  }
}
