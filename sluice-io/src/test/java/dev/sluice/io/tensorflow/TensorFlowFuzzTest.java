package dev.sluice.io.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.io.StoredTensor;
import dev.sluice.io.fuzz.Fuzz;
import dev.sluice.io.fuzz.Mutator;
import dev.sluice.io.protobuf.ProtoMutator;
import dev.sluice.io.protobuf.ProtoWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Damaged checkpoints and graphs: their bytes, and what their entries and nodes say. */
@Execution(ExecutionMode.CONCURRENT)
class TensorFlowFuzzTest {
  private static final List<String> NAMES =
      List.of(
          "rnn/lstm_cell/kernel",
          "rnn/lstm_cell/bias",
          "rnn/lstm_cell/bias/Adam",
          "rnn/gru_cell/gates/kernel",
          "rnn/gru_cell/candidate/kernel",
          "embedding");

  @TempDir private Path folder;

  private static BundleWriter checkpoint() {
    BundleWriter writer = new BundleWriter();
    NAMES.forEach(name -> writer.add(name, List.of(5, 12), new float[60]));
    return writer.add("beta1_power", List.of(), 0.5f);
  }

  private static byte[] graph() {
    ProtoWriter graph = new ProtoWriter();
    for (String name : NAMES) {
      ProtoWriter tensor = FrozenGraphTest.tensor(1, 5, 12).floatBytes(4, new float[60]);
      graph.message(1, FrozenGraphTest.constant(name, tensor));
    }
    ProtoWriter listed = FrozenGraphTest.tensor(1, 20).real(5, 1).real(5, 2);
    graph.message(1, FrozenGraphTest.constant("rnn/lstm_cell/w_f_diag", listed));
    return BundleWriter.bytes(graph);
  }

  private static void read(Path file) {
    try (TensorFlowFile opened = TensorFlowFile.open(file)) {
      for (StoredTensor tensor : opened.tensors().values()) {
        if (tensor.type().isReal()) {
          tensor.floats();
        } else {
          tensor.longs();
        }
      }
      TensorFlowCells cells = TensorFlowCells.of(opened, 1);
      assertThat(cells.cells().size() + cells.others().size() + cells.skipped().size())
          .isLessThanOrEqualTo(opened.tensors().size());
    }
  }

  /** The data of checkpoints whose index is damaged. */
  @BeforeEach
  void writeData() throws IOException {
    Files.write(folder.resolve("m.data-00000-of-00001"), checkpoint().data());
  }

  private static void assertSome(Fuzz.Outcome outcome) {
    assertThat(outcome.refused()).isBetween(outcome.files() / 10, outcome.files() - 1);
  }

  @Test
  void everyDamagedGraphIsReadOrRefused() {
    ProtoMutator fields = new ProtoMutator(List.of(graph()));
    assertSome(
        Fuzz.run(
            "frozen graph", folder.resolve("damaged"), fields::damaged, TensorFlowFuzzTest::read));
  }

  @Test
  void everyDamagedFileIsReadOrRefused() {
    Mutator bytes = Mutator.ofText(List.of(graph()), NAMES);
    assertSome(
        Fuzz.run("frozen graph bytes", folder.resolve("damaged"), bytes, TensorFlowFuzzTest::read));
  }

  /** Entries are damaged, then the table is made with the checksums of what is there now. */
  @Test
  void everyDamagedEntryIsReadOrRefused() {
    Map<String, byte[]> good = checkpoint().entries();
    List<String> names = new ArrayList<>(good.keySet());
    ProtoMutator fields = new ProtoMutator(List.copyOf(good.values()));
    Fuzz.Outcome outcome =
        Fuzz.run(
            "checkpoint",
            folder.resolve("m.index"),
            number -> {
              SplittableRandom random = new SplittableRandom(number);
              TreeMap<String, byte[]> entries = new TreeMap<>(good);
              String name = names.get(random.nextInt(names.size()));
              entries.put(name, fields.damaged(number));
              entries.put(
                  "", BundleWriter.bytes(new ProtoWriter().varint(1, random.nextInt(1, 3))));
              return new BundleWriter().index(entries);
            },
            TensorFlowFuzzTest::read);
    assertSome(outcome);
  }

  @Test
  void everyDamagedIndexIsReadOrRefused() throws IOException {
    byte[] good = Files.readAllBytes(Path.of(checkpoint().write(folder.resolve("m")) + ".index"));
    Fuzz.Outcome outcome =
        Fuzz.run(
            "checkpoint bytes",
            folder.resolve("m.index"),
            new Mutator(List.of(good), List.of()),
            TensorFlowFuzzTest::read);
    assertThat(outcome.refused()).isGreaterThan(outcome.files() / 10);
  }
}
