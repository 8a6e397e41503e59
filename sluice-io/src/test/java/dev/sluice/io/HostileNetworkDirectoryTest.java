package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a network's files say is a network or an error of one line, and takes no memory on trust. */
final class HostileNetworkDirectoryTest {
  private static final String ORIGIN =
      """
      "origin": {"sluice": "", "file": "", "sha256": "", "format": "", "notes": [], "left": []}
      """;

  @TempDir private Path folder = Path.of("");
  private Path model = Path.of("");

  @BeforeEach
  void writeModel() {
    model = folder.resolve("m");
    ModelDirectory.at(model).write(SmallNetworks.stored(SmallNetworks.everyLayer()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "tokens" : 7         | "tokenz" : 7         | layers[0].tokens: is missing
          "tokens" : 7         | "tokens" : 7.5       | layers[0].tokens: expected a whole number, found 7.5
          "tokens" : 7         | "tokens" : "7"       | layers[0].tokens: expected a whole number, found "7"
          "tokens" : 7         | "tokens" : 4000000000 | layers[0].tokens: expected a whole number, found 4000000000
          "tokens" : 7         | "tokens" : 0         | layers[0]: words: an embedding needs at least 1 token
          "tokens" : 7         | "tokens" : 2000000000 | words.weight: expected [2000000000, 3], as this model is built, found [7, 3]
          "tokens" : 7         | "tokens" : 7, "colour" : 1 | layers[0]: unknown key "colour"; known are name, type, tokens, width, mask_zero
          "mask_zero" : true   | "mask_zero" : 1      | layers[0].mask_zero: expected true or false, found 1
          "type" : "embedding" | "type" : "conv"      | layers[0].type: expected one of embedding, masking, recurrent, last_step, flatten, repeat, dense, activation, softmax, dropout, found "conv"
          "type" : "embedding" | "type" : 3           | layers[0].type: expected text, found 3
          "value" : -1.5       | "value" : 1e400      | layers[2].value: expected a number, found
          "value" : -1.5       | "value" : "NaN"      | layers[2].value: expected a number, found "NaN"
          "merge" : "average"  | "merge" : "mean"     | layers[3].merge: expected one of concat, sum, multiply, average, found "mean"
          "merge" : "average"  | "merge" : "concat"   | layers: decoder reads 4 features, but what stands before it gives 8
          "dropout" : 0.5      | "dropout" : 1        | layers[3]: rnn: dropout must be in [0, 1), got 1.0
          "units" : 4          | "units" : 0          | an LSTM needs at least 1 input and 1 hidden unit
          "units" : 4          | "units" : 2000000000 | layers[3]: rnn: cell 2 takes 8 inputs, but what it reads has 2000000004 features
          "units" : 2          | "units" : 2000000000 | layers: their sizes are beyond all memory; was the file edited?
          "type" : "gru"       | "type" : "gruu"      | layers[6].cells[0].type: expected one of lstm, gru, rnn, layer_norm_lstm, stacked, residual, highway, zoneout, dropout, found "gruu"
          "steps" : 3          | "steps" : 0          | a sequence has at least 1 step, got 0
          "kind" : "leaky_relu" | "kind" : "swish"    | layers[9].function.kind: expected one of tanh, sigmoid
          "name" : "fc"        | "name" : "flat"      | flat.weight is missing
          "name" : "fc"        | "name" : "fd"        | fd.weight is missing; is it the file of another model?
          "outputs" : 2        | "outputs" : 3        | fc.weight: expected [3, 6], as this model is built, found [2, 6]
          "input" : 1,         | "input" : 2,         | layers: words reads 1 features, but what stands before it gives 2
          "input" : 1,         | "input" : -1,        | input: expected at least 1, found -1
          "input" : 1,         | ``                   | input: is missing
          "layers" : [         | "layers" : [], "no" : [ | layers: expected at least one
          "probability" : 0.25 | "probability" : 5    | probability must be in [0, 1), got 5.0
          "sha256" : "ab12",   | ``                   | origin.sha256: is missing
          "notes" : [          | "notes" : 3, "no" : [ | origin.notes: expected a list, found 3
          """)
  void editedConfig(String from, String to, String message) throws IOException {
    Path config = model.resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains(from);
    int at = text.indexOf(from);
    Files.writeString(config, text.substring(0, at) + to + text.substring(at + from.length()));
    assertThat(error()).contains(message);
  }

  @Test
  void layersThatAreNoObjects() throws IOException {
    for (String layers : new String[] {"null", "[null]", "[3]", "[[]]", "{}"}) {
      Files.writeString(
          model.resolve("config.json"),
          "{\"format\": 1, \"task\": \"network\", \"input\": 1, \"layers\": %s, %s}"
              .formatted(layers, ORIGIN));
      assertThat(error()).contains("layers");
    }
  }

  @Test
  void cellsNestedWithoutEnd() throws IOException {
    String nested = "{\"type\":\"residual\",\"cell\":".repeat(300) + "{}" + "}".repeat(300);
    Files.writeString(
        model.resolve("config.json"),
        """
        {"format": 1, "task": "network", "input": 1, "layers":
         [{"type": "recurrent", "name": "r", "cells": [%s]}],
         %s}
        """
            .formatted(nested, ORIGIN));
    assertThat(error()).contains("type: is missing");
  }

  @Test
  void noWeights() throws IOException {
    Files.delete(model.resolve("model.safetensors"));
    assertThat(error())
        .endsWith(
            "m: is not a model directory (it has no model.safetensors); check the path, or train or"
                + " import again");
  }

  @Test
  void anyDamageIsAnErrorOfOneLineOrDoesNoHarm() throws IOException {
    Random random = new Random(2);
    Path config = model.resolve("config.json");
    byte[] whole = Files.readAllBytes(config);
    for (int i = 0; i < 1000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(whole.length)] = (byte) (32 + random.nextInt(95));
      Files.write(
          config, Arrays.copyOf(damaged, i % 4 == 0 ? random.nextInt(whole.length) : whole.length));
      Throwable error = catchThrowable(() -> ModelDirectory.open(model));
      if (error != null) {
        requireOneLine(error);
      }
    }
  }

  private String error() {
    Throwable error = catchThrowable(() -> ModelDirectory.open(model));
    assertThat(error).isNotNull();
    return requireOneLine(error);
  }

  private String requireOneLine(Throwable error) {
    assertThat(error).isInstanceOf(ModelFileException.class);
    assertThat(error.getMessage()).startsWith(folder.toString()).doesNotContain("\n");
    return String.valueOf(error.getMessage());
  }
}
