package dev.sluice.examples;

import dev.sluice.cell.LstmCell;
import dev.sluice.data.Batches;
import dev.sluice.data.LabelledText;
import dev.sluice.data.Split;
import dev.sluice.data.TextEncoder;
import dev.sluice.data.TokenBatch;
import dev.sluice.data.Tokenizer;
import dev.sluice.data.Vocabulary;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import dev.sluice.train.Adam;
import dev.sluice.train.GradientClipping;
import dev.sluice.train.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A text classifier put together from its parts, with a training loop written out: embedding, LSTM, dense layer,
 * softmax, a learning rate that decays, gradients clipped by their norm. It learns to tell the language of a
 * country's name, from the names that every JDK carries.
 *
 * <p>Replaces the TF1 program with {@code embedding_lookup}, {@code dynamic_rnn}, {@code
 * uniform_unit_scaling_initializer}, {@code exponential_decay} and {@code clip_by_global_norm}.
 */
public final class TextClassifierFromParts {
  private static final List<String> LANGUAGES = List.of("de", "en", "fi", "fr", "hu", "tr", "vi");
  private static final int EPOCHS = 8;
  private static final int BATCH = 16;

  private final Vocabulary vocabulary;
  private final Embedding embedding;
  private final Recurrent lstm;
  private final Dense dense;
  private final Parameters parameters;

  private TextClassifierFromParts(List<LabelledText> training) {
    Stream<String> texts = training.stream().map(LabelledText::text);
    vocabulary = TextEncoder.learn(Tokenizer.CHARACTERS, 1, texts, 1, 10_000);
    embedding = new Embedding("embedding", vocabulary.size(), 24);
    lstm = new Recurrent("lstm", new LstmCell(24, 48));
    Initializer unitScaling = Initializer.uniformUnitScaling(1);
    dense = new Dense("dense", 48, LANGUAGES.size(), unitScaling, Initializer.zeros());
    parameters = Layer.parametersOf(embedding, lstm, dense);
    parameters.initialize(RandomKey.of(1));
  }

  /** Trains, and prints learning rate, loss and accuracy of each epoch. */
  public static void main(String... args) {
    List<List<LabelledText>> parts = Split.of(names(), RandomKey.of(1), 8, 2);
    TextClassifierFromParts classifier = new TextClassifierFromParts(parts.getFirst());
    System.out.print(classifier.parameters.describe());
    try (Backend backend = Backend.create(1)) {
      classifier.train(backend, parts.getFirst(), parts.getLast());
    }
  }

  /** Scores before softmax, (B, languages). */
  private Var logits(Tape tape, List<LabelledText> texts) {
    TokenBatch batch = TokenBatch.of(texts.stream().map(t -> encode(t.text())).toList());
    Var x = embedding.forward(tape, batch.ids()[0]);
    PackedSequence outputs = lstm.forward(new PackedSequence(batch.packing(), x)).output();
    return dense.forward(outputs.last().dropout(0.2f));
  }

  private void train(Backend backend, List<LabelledText> training, List<LabelledText> test) {
    Tape tape = Tape.training(backend, parameters);
    Optimizer adam = new Adam();
    int[] lengths = training.stream().mapToInt(t -> t.text().length()).toArray();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      float rate = 0.01f * (float) StrictMath.pow(0.9, epoch);
      int[][] batches = Batches.training(lengths, BATCH, RandomKey.of(2), epoch);
      double sum = 0;
      for (int step = 0; step < batches.length; step++) {
        List<LabelledText> batch = Arrays.stream(batches[step]).mapToObj(training::get).toList();
        tape.reset(RandomKey.of(3).fold(epoch).fold(step)); // what dropout drops
        Var loss = CrossEntropy.mean(logits(tape, batch), targets(batch));
        tape.backward(loss);
        GradientClipping.byNorm(backend, parameters, 5);
        adam.step(backend, parameters, rate);
        sum += loss.value().get(0, 0);
      }
      Show.line(
          "epoch %d  rate %.5f  loss %.4f  accuracy %.3f",
          epoch, rate, sum / batches.length, accuracy(backend, test));
    }
  }

  private double accuracy(Backend backend, List<LabelledText> test) {
    Var logits = logits(Tape.inference(backend, parameters), test);
    int[] targets = targets(test);
    int right = 0;
    for (int b = 0; b < targets.length; b++) {
      right += logits.value().largestInRow(b) == targets[b] ? 1 : 0;
    }
    return right / (double) targets.length;
  }

  private int[][] encode(String text) {
    return new TextEncoder(Tokenizer.CHARACTERS, 1, vocabulary).encode(text);
  }

  private static int[] targets(List<LabelledText> texts) {
    return texts.stream().mapToInt(text -> LANGUAGES.indexOf(text.label())).toArray();
  }

  /** The names of all countries, but those that are the same in two languages. */
  private static List<LabelledText> names() {
    Map<String, List<LabelledText>> byName = new TreeMap<>();
    for (String language : LANGUAGES) {
      for (String country : Locale.getISOCountries()) {
        String name = Locale.of("", country).getDisplayCountry(Locale.of(language));
        byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(new LabelledText(language, name));
      }
    }
    return byName.values().stream().filter(same -> same.size() == 1).map(List::getFirst).toList();
  }
}
