package dev.sluice.io;

import dev.sluice.data.LabelledText;
import dev.sluice.data.Labels;
import dev.sluice.data.Tokenizer;
import dev.sluice.data.Vocabulary;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.TextClassifier;
import java.util.List;
import java.util.Optional;

/** A classifier for tests: four characters, three labels, two bidirectional layers of four units. */
final class SmallClassifier {
  private SmallClassifier() {}

  static TrainedClassifier create() {
    return create(Optional.of(0.75));
  }

  static TrainedClassifier create(Optional<Double> accuracy) {
    Vocabulary vocabulary = Vocabulary.build(List.of(List.of("a", "é", " ")).stream(), 1, 100);
    TextClassifier model =
        new TextClassifier(
            new TextClassifier.Config(Tokenizer.CHARACTERS, 1, 3, 4, 2, true, 0.25f),
            vocabulary,
            Labels.of(List.of("x", "y", "ż")));
    model.parameters().initialize(RandomKey.of(1));
    Provenance.Data data = Provenance.Data.of(List.of(new LabelledText("x", "a é")));
    return new TrainedClassifier(
        model,
        new Hyperparameters("adam", 0.002f, "cosine", 5, 64, 15, 5, 1, 100, -7),
        new Provenance("0.1.0", "25.0.1, Somebody", data, data, 3, 2, accuracy));
  }
}
