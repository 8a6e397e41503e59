package dev.sluice.io.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.Imported;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.NetworkArchitecture;
import dev.sluice.io.SafetensorsFile;
import dev.sluice.io.SafetensorsWriter;
import dev.sluice.io.Tensor;
import dev.sluice.io.pytorch.StateDictOptions.Nonlinearity;
import dev.sluice.io.pytorch.StateDictOptions.Output;
import dev.sluice.layer.Recurrent;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.tape.Activation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a network is told by names and shapes alone, and what is said where they do not tell. */
final class StateDictTest {
  @TempDir private Path folder = Path.of("");
  private final List<Tensor> tensors = new ArrayList<>();

  @Test
  void theNumberOfGatesTellsTheKind() {
    layer("a", "_l0", 4, 3, 5);
    assertThat(recurrent(infer()).cells()).containsExactly(new LstmCell(3, 5));
    tensors.clear();
    layer("a", "_l0", 3, 3, 5);
    assertThat(recurrent(infer()).cells()).containsExactly(new GruCell(3, 5));
    tensors.clear();
    layer("a", "_l0", 1, 3, 5);
    assertThat(recurrent(infer()).cells()).containsExactly(new RnnCell(3, 5));
    assertThat(infer().notes())
        .containsExactly(
            "a state dict does not say the nonlinearity of an RNN: tanh is taken, PyTorch's"
                + " default; if it is relu, say --nonlinearity relu");
    Imported relu = infer(new StateDictOptions(Optional.of(Nonlinearity.RELU), Optional.empty()));
    assertThat(recurrent(relu).cells()).containsExactly(new RnnCell(3, 5, Activation.RELU, true));
    assertThat(relu.notes()).isEmpty();
  }

  @Test
  void layersDirectionsAndProjections() {
    for (int layer = 0; layer < 12; layer++) {
      layer("rnn", "_l" + layer, 4, layer == 0 ? 3 : 10, 5);
      layer("rnn", "_l" + layer + "_reverse", 4, layer == 0 ? 3 : 10, 5);
    }
    Recurrent deep = recurrent(infer());
    assertThat(deep.bidirectional()).isTrue();
    assertThat(deep.cells()).hasSize(24);
    tensors.clear();
    add("p.weight_ih_l0", 20, 3);
    add("p.weight_hh_l0", 20, 2);
    add("p.weight_hr_l0", 2, 5);
    assertThat(recurrent(infer()).cells())
        .containsExactly(
            new LstmVariantCell(3, 5, LstmVariant.PLAIN.withoutBias().withProjection(2)));
  }

  @Test
  void layersStandInTheOnlyOrderThatFits() {
    add("fc.weight", 7, 5); // as safetensors sorts names
    add("fc.bias", 7);
    add("lookup.weight", 11, 3);
    layer("rnn", "_l0", 4, 3, 5);
    Imported imported = infer();
    assertThat(names(imported)).containsExactly("lookup", "rnn", "fc");
    assertThat(imported.left()).isEmpty();
    assertThat(imported.notes())
        .containsExactly(
            "a state dict does not say which steps fc reads: all are taken; for the last step say"
                + " --output last-step, for the final state --output final-state");
    assertThat(names(infer(output(Output.LAST_STEP)))).contains("last_step");
    RecurrentLayer last =
        infer(output(Output.FINAL_STATE)).network().orElseThrow().recurrentLayers().getFirst();
    assertThat(last.returnSequences()).isFalse();
  }

  @Test
  void weightsAreThoseOfTheFile() {
    layer("rnn", "_l0", 4, 3, 5);
    float[] stored = tensors.getFirst().data(); // [20, 3]
    var weight = infer().network().orElseThrow().parameters().get("rnn.weight_ih_l0").value();
    assertThat(weight.get(2, 7)).isEqualTo(stored[7 * 3 + 2]).isNotZero();
  }

  @Test
  void numbersTellTheOrderOfEqualLayers() {
    add("fc.weight", 2, 4);
    add("fc.bias", 2);
    for (int i = 10; i >= 8; i--) {
      layer("cells." + i, "", 3, 4, 4);
    }
    Imported imported = infer();
    assertThat(names(imported)).containsExactly("cells.8", "cells.9", "cells.10", "fc");
    assertThat(imported.notes()).first().asString().startsWith("a cell becomes a layer");
  }

  @Test
  void aTableWithoutBiasIsAnEmbeddingOrALinearLayer() {
    layer("rnn", "_l0", 4, 3, 5);
    add("out.weight", 9, 5);
    Imported imported = infer();
    assertThat(names(imported)).containsExactly("rnn", "out");
    assertThat(imported.notes()).contains("there is no out.bias: it is taken as zero");
  }

  @Test
  void linearLayersStandBehindWhereShapesLetThemStandBefore() {
    layer("lstm", "_l0", 4, 1, 5);
    add("fc.weight", 1, 5); // its 1 could be what lstm reads
    add("fc.bias", 1);
    Imported imported = infer();
    assertThat(names(imported)).containsExactly("lstm", "fc");
    assertThat(imported.notes())
        .first()
        .isEqualTo(
            "the shapes allow more than one order of the layers: \"lstm\" (1 to 5), \"fc\" (5 to 1)"
                + " is taken; otherwise describe the layers in a file and name it with --config");

    tensors.clear();
    layer("encoder", "_l0", 4, 1, 5);
    layer("decoder", "_l0", 4, 1, 5);
    add("fc.weight", 1, 5);
    add("fc.bias", 1);
    assertThat(infer().network()).isEmpty();
  }

  @Test
  void countersAreNoLayers() {
    layer("rnn", "_l0", 4, 3, 5);
    add("scale");
    assertThat(infer().obstacle()).startsWith("\"scale\" [] is of a layer that is not known here");
    try (PyTorchFile counted = PyTorchFile.open(PyTorchFixtures.path("averaged.pt"))) {
      Imported averaged = StateDict.read(counted, "test", StateDictOptions.NONE);
      assertThat(names(averaged)).containsExactly("module");
      assertThat(averaged.left()).containsExactly("n_averaged");
    }
  }

  @Test
  void whatIsOpenIsNoChain() {
    layer("encoder", "_l0", 4, 5, 5);
    layer("decoder", "_l0", 4, 5, 5);
    assertThat(infer().obstacle())
        .startsWith(
            "the shapes allow more than one order of the layers, such as \"encoder\" (5 to 5)")
        .endsWith("describe the layers in a file and name it with --config");
    assertThat(infer().parts())
        .extracting(Imported.Part::name)
        .containsExactly("encoder", "decoder");

    tensors.clear();
    layer("rnn", "_l0", 4, 3, 5);
    add("head.0.weight", 6, 5);
    add("head.0.bias", 6);
    add("head.2.weight", 2, 6);
    add("head.2.bias", 2);
    assertThat(infer().obstacle())
        .startsWith(
            "a state dict does not say what stands between linear layers that follow each other:"
                + " \"rnn\" (3 to 5), \"head.0\" (5 to 6), \"head.2\" (6 to 2); describe");

    tensors.clear();
    layer("rnn", "_l0", 4, 3, 5);
    add("fc.weight", 6, 9);
    add("fc.bias", 6);
    assertThat(infer().obstacle()).startsWith("the layers do not make one chain by their shapes");

    add("norm.weight", 5);
    Imported imported = infer();
    assertThat(imported.obstacle())
        .startsWith("\"norm.weight\" [5] is of a layer that is not known");
    assertThat(imported.left()).containsExactly("fc.weight", "fc.bias", "norm.weight");
  }

  @Test
  void gradientsAndRecordingsAreNoWeights() {
    layer("", "_l0", 3, 3, 5);
    layer("grad", "_l0", 3, 3, 5);
    add("input", 2, 1, 3);
    add("G_output", 2, 1, 5);
    Imported imported = infer();
    assertThat(names(imported)).containsExactly("");
    assertThat(imported.left()).contains("input", "G_output", "grad.weight_ih_l0").hasSize(6);
  }

  @Test
  void aConfigSaysTheLayers() throws IOException {
    layer("rnn", "", 4, 3, 5);
    add("head.0.weight", 6, 5);
    add("head.2.weight", 2, 6);
    add("head.2.bias", 2);
    add("other", 2);
    Path config =
        Files.writeString(
            folder.resolve("layers.json"),
            """
            {"input": 3, "layers": [
              {"type": "recurrent", "name": "rnn", "cells": [{"type": "lstm", "inputs": 3, "units": 5}]},
              {"type": "dense", "name": "head.0", "inputs": 5, "outputs": 6},
              {"type": "activation", "name": "head.1", "function": "relu"},
              {"type": "dense", "name": "head.2", "inputs": 6, "outputs": 2}]}
            """);
    Imported imported = withConfig(config);
    assertThat(names(imported)).containsExactly("rnn", "head.0", "head.1", "head.2");
    assertThat(imported.left()).containsExactly("other");
    assertThat(imported.notes()).containsExactly("there is no head.0.bias: it is taken as zero");

    Files.writeString(config, Files.readString(config).replace("\"units\": 5", "\"units\": 4"));
    assertThatThrownBy(() -> withConfig(config))
        .isInstanceOf(ModelFileException.class)
        .hasMessageEndingWith(
            "rnn.weight_ih: expected [16, 3], as this model is built, found [20, 3]; is it the file"
                + " of another model?");

    for (String noObject : List.of("null", "[]", "7")) {
      Files.writeString(config, noObject);
      assertThatThrownBy(() -> withConfig(config))
          .isInstanceOf(ModelFileException.class)
          .hasMessage("%s: expected an object, found %s; is it another file?", config, noObject);
    }
  }

  @Test
  void brokenModulesAreNamed() {
    assertRefused("holds no recurrent layer (no weight_ih_l0 or the like); it holds none");
    layer("a", "_l1", 4, 3, 5);
    assertRefused(
        "\"a\" has weights that end in _l1, but not all of [_l0]; is the state dict whole?");
    tensors.clear();
    layer("a", "_l0", 2, 3, 5);
    assertRefused(
        "a.weight_hh_l0: expected 4 rows for each of 5 units (an LSTM), 3 (a GRU) or 1 (an RNN),"
            + " found [10, 5]");
    tensors.clear();
    layer("a", "_l0", 4, 3, 5);
    tensors.removeLast();
    assertRefused("no tensor \"a.bias_hh_l0\"");
    layer("a", "_l1", 4, 6, 5);
    tensors.removeIf(tensor -> tensor.name().contains("bias"));
    assertRefused("a: cell 1 takes 6 inputs, but what it reads has 5 features");
    tensors.clear();
    add("a.weight_ih_l0", 20);
    add("a.weight_hh_l0", 20, 5);
    assertRefused("a.weight_ih_l0: expected a matrix, found [20]");
    tensors.clear();
    layer("a", "_l0", 4, 3, 5);
    add("a.weight_hh_l0_g", 20, 1);
    tensors.remove(1);
    assertRefused(
        "\"a.weight_hh_l0\" is split into two by weight_norm; call"
            + " torch.nn.utils.remove_weight_norm");
    tensors.clear();
    layer("a", "_l0", 4, 3, 5);
    tensors.getFirst().data()[4] = Float.NaN;
    assertRefused("a.weight_ih_l0 holds NaN; the file is damaged, or training diverged");
  }

  /** Many layers of which none fits must not be tried in all orders. */
  @Test
  void aSearchEnds() {
    layer("rnn", "_l0", 1, 2, 2);
    for (int i = 0; i < 300; i++) {
      String letters =
          Integer.toString(i, 26).chars().mapToObj(c -> "" + (char) (c + 40)).toList().toString();
      add("d%s.weight".formatted(letters), 2, 2);
      add("d%s.bias".formatted(letters), 2);
    }
    add("last.weight", 1, 77);
    add("last.bias", 1);
    assertThat(infer().network()).isEmpty();
  }

  private void layer(String module, String suffix, int gates, int inputs, int units) {
    String prefix = module.isEmpty() ? "" : module + ".";
    add(prefix + "weight_ih" + suffix, gates * units, inputs);
    add(prefix + "weight_hh" + suffix, gates * units, units);
    add(prefix + "bias_ih" + suffix, gates * units);
    add(prefix + "bias_hh" + suffix, gates * units);
  }

  private void add(String name, Integer... shape) {
    float[] data = new float[(int) Tensor.elements(List.of(shape))];
    for (int i = 0; i < data.length; i++) {
      data[i] = (i + 1) / 64f;
    }
    tensors.add(new Tensor(name, List.of(shape), data));
  }

  private static StateDictOptions output(Output output) {
    return new StateDictOptions(Optional.empty(), Optional.of(output));
  }

  private Imported infer() {
    return infer(StateDictOptions.NONE);
  }

  private Imported infer(StateDictOptions options) {
    try (SafetensorsFile file = file()) {
      return StateDict.read(file, "test", options);
    }
  }

  private Imported withConfig(Path config) {
    try (SafetensorsFile file = file()) {
      return StateDict.read(file, "test", NetworkArchitecture.read(config));
    }
  }

  private SafetensorsFile file() {
    try {
      Path file = folder.resolve("weights.safetensors");
      SafetensorsWriter.write(file, Map.of(), tensors);
      return SafetensorsFile.open(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::infer)
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  private static Recurrent recurrent(Imported imported) {
    return imported.network().orElseThrow().recurrentLayers().getFirst().recurrent();
  }

  private static List<String> names(Imported imported) {
    return imported.network().orElseThrow().layers().stream().map(NetworkLayer::name).toList();
  }
}
