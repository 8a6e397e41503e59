package dev.sluice.train;

import dev.sluice.data.LabelledText;
import dev.sluice.data.Labels;
import dev.sluice.data.TextEncoder;
import dev.sluice.data.Tokenizer;
import dev.sluice.data.Vocabulary;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A small training run on made-up text, from scratch to a digest of every weight and probability, with
 * those of {@link RecurrentRun}: what must not change with threads, vector width, kernels or the JIT. Also
 * a program, so that a test can run it in a JVM with other options.
 */
public final class TrainingRun {
  static final int EPOCHS = 2;

  final TextClassifier model;
  final List<LabelledText> texts = new ArrayList<>();

  TrainingRun() {
    RandomKey key = RandomKey.of(3);
    for (int i = 0; i < 150; i++) {
      // a text is of class a when there is a p in it
      StringBuilder text = new StringBuilder();
      int length = 2 + key.below(9, 2L * i);
      for (int j = 0; j < length; j++) {
        text.append((char) ('p' + key.fold(i).below(5, j)));
      }
      String label = text.indexOf("p") < 0 ? "b" : "a";
      texts.add(new LabelledText(label, text.toString()));
    }
    var config = new TextClassifier.Config(Tokenizer.CHARACTERS, 2, 7, 21, 2, true, 0.1f);
    Vocabulary vocabulary =
        TextEncoder.learn(Tokenizer.CHARACTERS, 2, texts.stream().map(LabelledText::text), 1, 100);
    model = new TextClassifier(config, vocabulary, Labels.in(texts));
    model.parameters().initialize(RandomKey.of(5));
  }

  List<Trainer.Epoch> train(Backend backend, int epochs, BooleanSupplier stop) {
    var objective =
        new TextClassification(model, texts.subList(30, 150), texts.subList(0, 30), 16, 0, 1);
    var settings =
        new Trainer.Settings(
            epochs, 0, 5e-3f, new Schedule.Cosine(), 1, Float.POSITIVE_INFINITY, 1, 1);
    return new Trainer(
            backend, objective, new Adam(), settings, new Trainer.Listener() {}, Checkpoints.NONE)
        .run(stop);
  }

  String digest(Backend backend) {
    train(backend, EPOCHS, () -> false);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      update(digest, model.parameters().values());
      Tape tape = Tape.inference(backend, model.parameters());
      List<int[][]> sequences = texts.stream().map(t -> model.encode(t.text())).toList();
      for (float[] row : model.probabilities(tape, sequences)) {
        update(digest, row);
      }
      update(digest, RecurrentRun.weights(backend));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void update(MessageDigest digest, float[] values) {
    for (float value : values) {
      digest.update(ByteBuffer.allocate(4).putFloat(value).flip());
    }
  }

  /** Trains with the number of threads given, and prints the digest. */
  public static void main(String... args) {
    try (Workers workers = Workers.of(Integer.parseInt(args[0]))) {
      Backend backend = new Backend(KernelProvider.choose().kernels(), workers);
      System.out.println(backend.kernels().name() + " " + new TrainingRun().digest(backend));
    }
  }
}
