package dev.sluice.io.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.io.NetworkArchitecture;
import dev.sluice.io.SafetensorsFile;
import dev.sluice.io.SafetensorsWriter;
import dev.sluice.io.SmallNetworks;
import dev.sluice.io.Tensor;
import dev.sluice.io.Weights;
import dev.sluice.io.fuzz.Fuzz;
import dev.sluice.io.fuzz.Mutator;
import dev.sluice.io.pytorch.StateDictOptions;
import dev.sluice.network.Network;
import dev.sluice.tape.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Damaged state dicts, recordings and layers: what comes after a file was parsed is refused as well. */
@Execution(ExecutionMode.CONCURRENT)
final class ExchangeFuzzTest {
  private static final List<String> NUMBERS =
      List.of("0", "1", "-1", "7", "4000000000", "[", "]", "[]", ",", "null", "\"I64\"", "\"F16\"");

  private static final List<String> NAMES =
      List.of(
          "_l0",
          "_l1",
          "_reverse",
          "weight_ih",
          "weight_hr",
          "bias_hh",
          ".weight",
          ".bias",
          "grad.");

  private static final List<String> WORDS =
      List.of(
          "\"lstm\"", "\"gru\"", "\"rnn\"", "\"dense\"", "\"last_step\"", "true", "1e9", "{", "}");

  private static final String LAYERS =
      """
      {"input": 4, "layers": [
        {"type": "recurrent", "name": "a", "bidirectional": true, "merge": "sum", "cells": [
          {"type": "lstm", "inputs": 4, "units": 2, "projection": 1, "peepholes": true},
          {"type": "lstm", "inputs": 4, "units": 2, "projection": 1, "peepholes": true}]},
        {"type": "dense", "name": "b", "inputs": 1, "outputs": 6},
        {"type": "activation", "name": "c", "function": {"kind": "leaky_relu", "alpha": 0.1}},
        {"type": "recurrent", "name": "d", "cells": [{"type": "gru", "inputs": 6, "units": 2}]},
        {"type": "last_step", "name": "e"}, {"type": "softmax", "name": "f"}]}
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void everyDamagedStateDictIsReadOrRefused() throws IOException {
    Network tagger = SmallNetworks.tagger();
    byte[] good = written(Map.of(), Weights.tensors(tagger.parameters()));
    assertSome(
        Fuzz.run(
            "state dict",
            folder.resolve("damaged"),
            Mutator.ofText(List.of(good), NAMES),
            file -> Importer.read(file, ImportOptions.NONE)));
  }

  @Test
  void everyDamagedRecordingIsReadOrRefused() throws IOException {
    Network tagger = SmallNetworks.tagger();
    Tensor tokens = new Tensor("input", List.of(3, 2), new float[] {1, 2, 3, 4, 5, 6});
    Tensor lengths = new Tensor("lengths", List.of(2), new float[] {3, 2});
    try (Backend backend = Backend.create(1)) {
      Path file = folder.resolve("recorded");
      Files.write(file, written(Map.of("batch_first", "false"), List.of(tokens, lengths)));
      Tensor output = FileRun.results(backend, tagger, file, false).getFirst();
      byte[] good = written(Map.of("batch_first", "false"), List.of(tokens, lengths, output));
      assertSome(
          Fuzz.run(
              "recording",
              folder.resolve("damaged"),
              Mutator.ofText(List.of(good), NUMBERS),
              damaged -> read(damaged, tagger)));
    }
  }

  /** Beside weights that are whole, so that sizes that lie are found before anything is built. */
  @Test
  void everyDamagedListOfLayersIsReadOrRefused() throws IOException {
    Path layers = Files.writeString(folder.resolve("layers.json"), LAYERS);
    Network network = NetworkArchitecture.read(layers).build();
    Path weights = folder.resolve("weights");
    Files.write(weights, written(Map.of(), Weights.tensors(network.parameters())));
    assertThat(Importer.read(weights, withConfig(layers)).network()).isPresent();
    List<String> words = Stream.concat(NUMBERS.stream(), WORDS.stream()).toList();
    Fuzz.Outcome outcome =
        Fuzz.run(
            "layers",
            folder.resolve("damaged"),
            Mutator.ofText(List.of(Files.readAllBytes(layers)), words),
            damaged -> Importer.read(weights, withConfig(damaged)));
    assertThat(outcome.refused()).isGreaterThan(outcome.files() / 10);
  }

  /** Without a run, which takes more memory than all of the file. */
  private static void read(Path recording, Network network) {
    try (SafetensorsFile stored = SafetensorsFile.open(recording)) {
      assertThat(Recording.read(stored, network, false).steps()).isPositive();
    }
  }

  private static ImportOptions withConfig(Path layers) {
    return new ImportOptions(
        Optional.empty(),
        Optional.of(layers),
        StateDictOptions.NONE,
        Optional.empty(),
        Optional.empty());
  }

  private byte[] written(Map<String, String> metadata, List<Tensor> tensors) throws IOException {
    Path file = folder.resolve("good");
    SafetensorsWriter.write(file, metadata, tensors);
    return Files.readAllBytes(file);
  }

  private static void assertSome(Fuzz.Outcome outcome) {
    assertThat(outcome.refused()).isBetween(outcome.files() / 10, outcome.files() - 1);
  }
}
