package dev.sluice.io.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.SafetensorsFile;
import dev.sluice.io.StoredTensor;
import dev.sluice.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files in the layouts of all versions of Keras, and what numpy computed from the same weights. */
class KerasReaderTest {
  private static final float TOLERANCE = 2e-6f;

  static Stream<String> chains() {
    return KerasFiles.CHAINS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("chains")
  void computesWhatKerasDoes(String name) {
    Network network = KerasFiles.network(KerasFiles.file(name));
    try (SafetensorsFile recorded = SafetensorsFile.open(KerasFiles.file("recorded.safetensors"))) {
      StoredTensor x = recorded.tensor(KerasFiles.CHAINS.get(name) + ".input");
      StoredTensor y = recorded.tensor(KerasFiles.CHAINS.get(name) + ".output");
      float[] output = KerasFiles.output(network, x.shape(), x.floats());
      assertThat(output).containsExactly(y.floats(), within(TOLERANCE));
    }
  }

  @Test
  void anArchitectureInTheFileLeavesNothingToBePresumed() {
    assertThat(KerasReader.read(KerasFiles.file("keras3_functional.keras")).notes()).isEmpty();
    assertThat(KerasReader.read(KerasFiles.file("keras2_functional.h5")).notes())
        .containsExactly(
            "lstm_1: stateful: here a sequence begins with zeros, unless it is given a state");
    assertThat(KerasReader.read(KerasFiles.file("tf_keras_sequential.h5")).notes())
        .containsExactly(
            "lstm: recurrent_dropout, which acts in training only, is left out",
            "spatial_dropout1d: in training it drops single numbers, not whole features");
  }

  @Test
  void whatWeightsDoNotTellIsPresumedAloud() {
    assertThat(KerasReader.read(KerasFiles.file("keras2_weights.h5")).notes())
        .containsExactly(
            "the file holds weights only; by names and shapes these are embedding_1 (Embedding),"
                + " bidirectional_1 (Bidirectional), lstm_2 (LSTM), dense_1 (Dense)",
            "what layers without weights do is not in the file, so these are left out:"
                + " \"dropout_1\"",
            "embedding_1: mask_zero is presumed to be false",
            "bidirectional_1, lstm_2: the activation is presumed to be tanh",
            "bidirectional_1, lstm_2: the recurrent_activation is presumed to be hard_sigmoid, the"
                + " default of Keras 2.1.5; --recurrent-activation sigmoid if it was that",
            "lstm_2: return_sequences is presumed to be false",
            "dense_1: the activation is presumed to be linear");
  }

  @Test
  void theUserKnowsTheRecurrentActivation() {
    KerasContents sigmoid =
        KerasReader.read(KerasFiles.file("keras2_weights.h5"), Optional.of("sigmoid"));
    assertThat(sigmoid.notes()).noneMatch(note -> note.contains("recurrent_activation"));
    assertThat(sigmoid.network().orElseThrow().layers())
        .noneMatch(layer -> layer.toString().contains("HARD_SIGMOID"));
  }

  @Test
  void whatIsNoChainGivesItsLayersOneByOne() {
    KerasContents contents = KerasReader.read(KerasFiles.file("not_a_chain.h5"));
    assertThat(contents.network()).isEmpty();
    assertThat(contents.obstacle())
        .isEqualTo(
            "\"concatenate_1\" has 2 inputs, and a chain has one: \"lstm_1\", \"attention_1\"");
    assertThat(contents.parts())
        .extracting(KerasPart::name, KerasPart::kind, part -> part.network().inputWidth())
        .containsExactly(tuple("lstm_1", "LSTM", 2), tuple("dense_1", "Dense", 6));
    assertThat(contents.others())
        .containsExactly(
            "\"input_1\" (InputLayer)",
            "\"attention_1\" (AttentionWeightedAverage, arrays of weights: 1)",
            "\"concatenate_1\" (Concatenate)");
  }

  @Test
  void anArchitectureBesideTheWeights(@TempDir Path folder) throws IOException {
    Path json = folder.resolve("model.json");
    Files.writeString(
        json,
        """
        {"class_name": "Sequential", "keras_version": "2.2.4", "config": [
          {"class_name": "CuDNNLSTM", "config": {
            "name": "cu_dnnlstm_1", "units": 4, "return_sequences": true}},
          {"class_name": "CuDNNGRU", "config": {"name": "cu_dnngru_1", "units": 3}}]}
        """);
    Network whole = KerasFiles.network(KerasFiles.file("cudnn.h5"));
    KerasContents contents = KerasReader.read(KerasFiles.file("cudnn_weights.h5"), json);
    assertThat(contents.notes()).isEmpty();
    assertThat(contents.network().orElseThrow().layers()).isEqualTo(whole.layers());
    assertThat(contents.network().orElseThrow().parameters().values())
        .isEqualTo(whole.parameters().values());

    Files.writeString(json, "[");
    assertThatThrownBy(() -> KerasReader.read(KerasFiles.file("cudnn_weights.h5"), json))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith(json + ": the architecture is no valid JSON");
  }
}
