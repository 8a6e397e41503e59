package dev.sluice.io.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.io.StoredTensor;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.Features;
import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A checkpoint of others in {@code ../../shared/golden}, a collection that may lie beside the checkout. */
class TensorFlowGoldenTest {
  private static final Path COLLECTION = Path.of("..", "..", "shared", "golden");

  /** The pickled characters, in the order of their numbers; of one that is no ASCII the first byte. */
  private static final Pattern CHARACTER =
      Pattern.compile("X[\\x01-\\x04]\\x00\\x00\\x00(.)", Pattern.DOTALL);

  @TestFactory
  Stream<DynamicTest> checkpoints() {
    if (!Files.isDirectory(COLLECTION)) {
      System.out.printf("golden: no %s, so no TF1 checkpoints of others are read%n", COLLECTION);
      return Stream.empty();
    }
    return Stream.of(dynamicTest("gita", TensorFlowGoldenTest::checkGita));
  }

  /** A language model of two layers, with the slots of Adam. */
  private static void checkGita() throws IOException {
    Path folder = COLLECTION.resolve("models").resolve("tf1-gita");
    try (TensorFlowFile file = TensorFlowFile.open(folder)) {
      assertThat(file.tensors()).hasSize(24);
      assertThat(file.unread()).isEmpty();
      for (StoredTensor tensor : file.tensors().values()) {
        for (float value : tensor.floats()) {
          assertThat(Float.isFinite(value)).as(tensor.name()).isTrue();
        }
      }
      TensorFlowCells cells = TensorFlowCells.of(file, TensorFlowCells.FORGET_BIAS);
      assertThat(cells.cells())
          .extracting(TensorFlowCell::scope)
          .containsExactly(
              "rnnlm/multi_rnn_cell/cell_0/lstm_cell", "rnnlm/multi_rnn_cell/cell_1/lstm_cell");
      assertThat(cells.cells())
          .allMatch(cell -> cell.cell().equals(new LstmVariantCell(128, 128, LstmVariant.TF1)));
      assertThat(cells.others())
          .containsExactly("Variable", "embedding", "rnnlm/softmax_b", "rnnlm/softmax_w");
      assertThat(cells.skipped()).hasSize(16);
      String characters = characters(folder.resolve("chars_vocab.pkl"));
      assertThat(characters).hasSize(82);
      double nats = nats(file, cells, characters);
      assertThat(nats).isLessThan(1.8); // by chance 4.4
      assertThat(nats(file, TensorFlowCells.of(file, 0), characters)).isGreaterThan(nats);
      System.out.println("golden tf1: 1 checkpoint");
    }
  }

  private static String characters(Path pickle) throws IOException {
    String bytes = new String(Files.readAllBytes(pickle), StandardCharsets.ISO_8859_1);
    return CHARACTER.matcher(bytes).results().map(r -> r.group(1)).collect(Collectors.joining());
  }

  /** The model was trained on a translation of the Gita: whatever goes astray, it foresees it worse. */
  private static double nats(TensorFlowFile file, TensorFlowCells cells, String characters) {
    String text = "the man who is without attachment, who has conquered the self, and who is the";
    Network network = network(file, cells);
    float[] tokens = new float[text.length() - 1];
    int[] next = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = characters.indexOf(text.charAt(i));
      next[i] = characters.indexOf(text.charAt(i + 1));
    }
    try (Backend backend = Backend.create(1)) {
      Tape tape = Tape.inference(backend, network.parameters());
      Var x = tape.constant(Matrix.window(tokens, 0, tokens.length, 1));
      Features y = network.forward(Features.sequences(x, PaddedBatch.full(1, tokens.length)));
      return CrossEntropy.mean(y.data(), next).value().get(0, 0);
    }
  }

  private static Network network(TensorFlowFile file, TensorFlowCells found) {
    List<TensorFlowCell> cells = found.cells();
    int symbols = file.tensor("embedding").shape().getFirst();
    Cell[] kinds = cells.stream().map(TensorFlowCell::cell).toArray(Cell[]::new);
    Network network =
        new Network(
            1,
            List.of(
                new EmbeddingLayer(new Embedding("embedding", symbols, 128), false),
                RecurrentLayer.of(new Recurrent("rnn", kinds)),
                new DenseLayer(new Dense("softmax", 128, symbols))));
    set(network, "embedding.weight", file.tensor("embedding").floats());
    set(network, "softmax.weight", file.tensor("rnnlm/softmax_w").floats());
    set(network, "softmax.bias", file.tensor("rnnlm/softmax_b").floats());
    for (int i = 0; i < cells.size(); i++) {
      String end = "_l" + i;
      cells.get(i).weights().forEach((name, m) -> set(network, "rnn." + name + end, m.toArray()));
    }
    network.parameters().changed();
    return network;
  }

  private static void set(Network network, String name, float[] values) {
    Matrix value = network.parameters().get(name).value();
    value.copyFrom(Matrix.window(values, 0, value.rows, value.cols));
  }
}
