package dev.sluice.io.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.io.Imported;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.SafetensorsFile;
import dev.sluice.io.SmallNetworks;
import dev.sluice.io.exchange.Exporter.Target;
import dev.sluice.layer.Recurrent;
import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.parameter.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was exported is imported again with the same bytes of weights, in every format. */
final class ExchangeTest {
  private static final ExportOptions PLAIN = new ExportOptions(false, false);

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @EnumSource
  void thereAndBackAndThere(Target target) throws IOException {
    Network network = SmallNetworks.tagger();
    Path first = folder.resolve("first"); // whose name says nothing
    Exporter.write(first, target, network, PLAIN);
    Imported imported = Importer.read(first, ImportOptions.NONE);
    assertThat(imported.left()).isEmpty();
    Network read = imported.network().orElseThrow();
    if (target != Target.KERAS) { // which has one bias, and a layer of its own for each
      assertThat(read.layers()).isEqualTo(network.layers());
      assertEqualWeights(read, network);
    }

    Path second = folder.resolve("second");
    Exporter.write(second, target, read, PLAIN);
    assertThat(second).hasSameBinaryContentAs(first);
    assertEqualWeights(Importer.read(second, ImportOptions.NONE).network().orElseThrow(), read);
  }

  private static void assertEqualWeights(Network network, Network expected) {
    for (Parameter parameter : expected.parameters().all()) {
      assertThat(network.parameters().get(parameter.name()).value().toArray())
          .as(parameter.name())
          .containsExactly(parameter.value().toArray());
    }
  }

  @Test
  void aForgetBiasOfRunTimeBecomesPartOfTheBias() {
    Network network = lstm(new LstmVariantCell(2, 3, LstmVariant.TF1));
    Path file = folder.resolve("w.safetensors");
    assertThat(Exporter.write(file, Target.SAFETENSORS, network, PLAIN))
        .containsExactly(
            "the forget bias of 1.0, which is added at run time, is now part of lstm.bias_ih_l0");
    float[] before = network.parameters().get("lstm.bias_ih_l0").value().toArray();
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      float[] after = stored.tensor("lstm.bias_ih_l0").floats();
      for (int u = 0; u < 12; u++) {
        assertThat(after[u]).isEqualTo(u / 3 == 1 ? before[u] + 1 : before[u]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PYTORCH", "SAFETENSORS"})
  void whatPyTorchDoesNotComputeIsRefused(Target target) {
    for (Cell cell :
        List.of(
            new LstmVariantCell(2, 3, LstmVariant.PLAIN.withPeepholes()),
            new LstmVariantCell(2, 3, LstmVariant.PLAIN.withoutBias().withForgetBias(1)),
            new GruCell(2, 3, false, true))) {
      assertThatThrownBy(() -> Exporter.write(folder.resolve("w"), target, lstm(cell), PLAIN))
          .isInstanceOf(ModelFileException.class)
          .hasMessageEndingWith(
              "w: cannot be written: lstm: PyTorch has no module that computes this %s; export to onnx,"
                      .formatted(cell.name())
                  + " or keep the model directory");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void nothingIsLeftOfAFailedExport() {
    Path folderInTheWay = folder;
    assertThatThrownBy(
            () -> Exporter.write(folderInTheWay, Target.ONNX, SmallNetworks.tagger(), PLAIN))
        .hasMessageEndingWith("is a folder; name the file to write");
    assertThatThrownBy(
            () ->
                Exporter.write(
                    folder.resolve("no/file"), Target.ONNX, SmallNetworks.tagger(), PLAIN))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(
            "cannot be written (no such file or folder: " + folder.resolve("no") + ")");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void filesOfNoKindAreRefusedByTheirFirstBytes() throws IOException {
    assertRefused("", "begins with nothing, as no file that can be imported");
    assertRefused("GIF89a of some picture", "begins with \"GIF89a o\", as no file");
    assertRefused("\b\0", "x: ");
    assertThatThrownBy(() -> Importer.read(folder, ImportOptions.NONE))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("is a folder without a checkpoint of TF1; name the file");
    assertThatThrownBy(() -> Importer.read(folder.resolve("none"), ImportOptions.NONE))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("cannot be read (no such file or folder");
  }

  private void assertRefused(String content, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("x"), content);
    assertThatThrownBy(() -> Importer.read(file, ImportOptions.NONE))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void optionsThatAreNotForTheFileAreRefused() {
    Path file = folder.resolve("m.onnx");
    Exporter.write(file, Target.ONNX, SmallNetworks.tagger(), PLAIN);
    ImportOptions key =
        new ImportOptions(
            Optional.of("model"),
            Optional.empty(),
            ImportOptions.NONE.unsaid(),
            Optional.empty(),
            Optional.empty());
    assertThatThrownBy(() -> Importer.read(file, key))
        .hasMessageEndingWith("m.onnx: --key is for checkpoints of PyTorch; leave it out");
  }

  private static Network lstm(Cell cell) {
    return SmallNetworks.of(2, RecurrentLayer.of(new Recurrent("lstm", cell)));
  }
}
