package dev.sluice.io;

import dev.sluice.cell.CellKind;
import dev.sluice.data.LineTokenizer;
import dev.sluice.data.Vocabulary;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.LanguageModel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A language model for tests: five words, two layers of three units. */
final class SmallLanguageModel {
  private SmallLanguageModel() {}

  static TrainedLanguageModel create(boolean tied) {
    Vocabulary vocabulary = Vocabulary.build(Stream.of(List.of("a", "é", "<eos>", "\\")), 1, 100);
    LanguageModel model =
        new LanguageModel(
            new LanguageModel.Config(
                LineTokenizer.WORDS,
                CellKind.LSTM,
                3,
                3,
                2,
                tied,
                new LanguageModel.Dropout(0.125f, 0.25f, 0.5f)),
            vocabulary);
    model.parameters().initialize(RandomKey.of(1));
    Provenance.Data text = Provenance.Data.of(List.of("a é", ""), line -> line);
    return new TrainedLanguageModel(
        model,
        new Provenance("0.1.0", "25.0.1, Somebody", text, text, 3, 2, Optional.empty()),
        new TrainedLanguageModel.Validation(10, Optional.of(1.5)));
  }
}
