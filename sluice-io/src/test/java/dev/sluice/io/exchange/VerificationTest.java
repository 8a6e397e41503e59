package dev.sluice.io.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.LstmCell;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.SafetensorsWriter;
import dev.sluice.io.SmallNetworks;
import dev.sluice.io.Tensor;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Recurrent;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.LastStepLayer;
import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.tape.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was recorded, however it stands in the file, is compared with what the network gives. */
final class VerificationTest {
  private static final Map<String, String> BATCH_FIRST = Map.of("batch_first", "true");

  @TempDir private Path folder = Path.of("");
  private final Backend backend = Backend.create(1);
  private final Network lstm =
      SmallNetworks.of(
          2,
          RecurrentLayer.of(
              Recurrent.of("lstm", 2, 2, true, 0, inputs -> new LstmCell(inputs, 3))));

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void whatTheNetworkGaveIsEqualToTheLastBit() {
    List<Tensor> tensors = recorded(lstm, Map.of(), input(3, 2, 2), tensor("lengths", 2, 3, 1));
    assertThat(tensors).extracting(Tensor::name).endsWith("output", "h_n", "c_n");
    Verification verification = verify(lstm, Map.of(), tensors);
    assertThat(verification.within(0)).isTrue();
    assertThat(verification.input())
        .isEqualTo(
            "2 sequences of 3 steps, read as [T, B, ...]; if it is [B, T, ...], say --batch-first");
    assertThat(verification.tensors())
        .extracting(Comparison::expected)
        .containsExactly(List.of(3, 2, 6), List.of(4, 2, 3), List.of(4, 2, 3));
  }

  @Test
  void theLayoutDoesNotMatter() {
    List<Tensor> timeMajor = recorded(lstm, Map.of(), input(3, 2, 2));
    List<Tensor> batchMajor =
        timeMajor.stream().map(t -> t.name().endsWith("put") ? swapped(t) : t).toList();
    Verification verification = verify(lstm, BATCH_FIRST, batchMajor);
    assertThat(verification.within(0)).isTrue();
    assertThat(verification.input()).isEqualTo("2 sequences of 3 steps, read as [B, T, ...]");
    assertThat(verify(lstm, Map.of(), batchMajor).within(1)).isFalse();
    assertThat(Verification.run(backend, lstm, write(Map.of(), batchMajor), true).within(0))
        .isTrue();
  }

  @Test
  void oneSequenceAndOneStepNeedNoAxisOfTheBatch() {
    List<Tensor> whole = recorded(lstm, Map.of(), input(3, 1, 2));
    List<Tensor> alone = whole.stream().map(t -> without(t, 1)).toList();
    Verification verification = verify(lstm, Map.of(), alone);
    assertThat(verification.within(0)).isTrue();
    assertThat(verification.input()).isEqualTo("1 sequence of 3 steps, read as [T, ...]");

    Network cell = SmallNetworks.of(2, RecurrentLayer.of(new Recurrent("c", new LstmCell(2, 3))));
    List<Tensor> step =
        recorded(cell, Map.of(), input(1, 4, 2), input(1, 4, 3, "h0"), input(1, 4, 3, "c0"));
    List<Tensor> ofCell =
        step.stream().filter(t -> !t.name().equals("output")).map(t -> without(t, 0)).toList();
    assertThat(verify(cell, Map.of(), ofCell).within(0)).isTrue();
    assertThat(verify(cell, Map.of(), ofCell).input())
        .isEqualTo("4 sequences of 1 step, read as [B, ...], the run of a cell");
  }

  @Test
  void packedOutputsEndWithTheLongestSequence() {
    List<Tensor> tensors = recorded(lstm, Map.of(), input(3, 2, 2), tensor("lengths", 2, 2, 1));
    List<Tensor> cut =
        tensors.stream().map(t -> t.name().equals("output") ? firstSteps(t, 2) : t).toList();
    assertThat(verify(lstm, Map.of(), cut).within(0)).isTrue();
    assertThat(verify(lstm, Map.of(), cut).tensors().getFirst().expected())
        .containsExactly(2, 2, 6);
  }

  @Test
  void aDifferenceIsFoundAndItsPlaceNamed() {
    List<Tensor> tensors = recorded(lstm, Map.of(), input(3, 2, 2));
    Tensor output = tensors.get(1);
    float right = output.data()[2 * 12 + 6 + 5];
    output.data()[2 * 12 + 6 + 5] = right + 0.5f;
    Comparison comparison = verify(lstm, Map.of(), tensors).tensors().getFirst();
    assertThat(comparison.absolute()).isCloseTo(0.5, within(1e-6));
    assertThat(comparison.absoluteAt()).containsExactly(2, 1, 5);
    assertThat(comparison.relative()).isCloseTo(0.5 / Math.abs(right + 0.5), within(1e-5));
    assertThat(comparison.relativeAt()).containsExactly(2, 1, 5);
    assertThat(comparison.within(0.5)).isTrue();
    assertThat(comparison.within(0.2)).isFalse();

    output.data()[2] = Float.NaN;
    assertThat(verify(lstm, Map.of(), tensors).within(1e9)).isFalse();
    assertThat(verify(lstm, Map.of(), tensors).tensors().getFirst().absoluteAt())
        .containsExactly(0, 0, 2);
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  @Test
  void initialStatesMayBeCalledAsInPyTorchsDocumentation() {
    Tensor h0 = input(4, 2, 3, "h0");
    List<Tensor> tensors = new ArrayList<>(recorded(lstm, Map.of(), input(3, 2, 2), h0));
    tensors.set(1, new Tensor("h_0", h0.shape(), h0.data()));
    assertThat(verify(lstm, Map.of(), tensors).within(0)).isTrue();
    tensors.remove(1);
    assertThat(verify(lstm, Map.of(), tensors).within(1e-3)).isFalse();
  }

  @Test
  void anotherShapeIsADifference() {
    List<Tensor> tensors = new ArrayList<>(recorded(lstm, Map.of(), input(3, 2, 2)));
    tensors.set(1, input(3, 2, 5, "output"));
    Verification verification = verify(lstm, Map.of(), tensors);
    assertThat(verification.within(1e9)).isFalse();
    assertThat(verification.tensors().getFirst().sameShape()).isFalse();
    assertThat(verification.tensors().getFirst().found()).containsExactly(3, 2, 6);
    assertThat(verification.tensors().get(1).within(0)).isTrue();
    assertThat(verification.tensors().get(1).advice()).isEmpty();
    assertThat(verification.tensors().getFirst().advice().orElseThrow())
        .startsWith("output has 5 features in the recording and 6 in the model");

    tensors.set(1, new Tensor("output", List.of(2, 6), new float[12]));
    assertThat(verify(lstm, Map.of(), tensors).tensors().getFirst().advice().orElseThrow())
        .startsWith(
            "each sequence was recorded as one vector, and the model gives one for each step")
        .endsWith("say --output last-step or --output final-state there");
    Network last =
        SmallNetworks.of(
            2,
            RecurrentLayer.of(new Recurrent("a", new LstmCell(2, 3))),
            new LastStepLayer("last"));
    List<Tensor> steps = List.of(input(3, 2, 2), input(3, 2, 3, "output"));
    assertThat(verify(last, Map.of(), steps).tensors().getFirst().advice().orElseThrow())
        .startsWith("every step was recorded, and the model gives one vector for each sequence");
  }

  @Test
  void aWholeModelGivesItsOutputAndTheStatesOfEachLayer() {
    Network two =
        SmallNetworks.of(
            2,
            RecurrentLayer.of(new Recurrent("a", new LstmCell(2, 3))),
            RecurrentLayer.of(new Recurrent("b", new LstmCell(3, 2))),
            new LastStepLayer("last"),
            new DenseLayer(new Dense("fc", 2, 4)));
    List<Tensor> tensors = new ArrayList<>(recorded(two, Map.of(), input(3, 2, 2)));
    assertThat(tensors)
        .extracting(Tensor::name)
        .containsExactly("input", "output", "a.h_n", "a.c_n", "b.h_n", "b.c_n");
    assertThat(tensors.get(1).shape()).containsExactly(2, 4);
    tensors.add(input(1, 2, 3, "h_n"));
    Verification verification = verify(two, Map.of(), tensors);
    assertThat(verification.within(0)).isTrue();
    assertThat(verification.skipped()).containsExactly("h_n");

    tensors.add(input(1, 2, 3, "h0"));
    assertThatThrownBy(() -> verify(two, Map.of(), tensors))
        .hasMessageEndingWith(
            "h0: is no initial state of this model; it has \"a.h0\", \"a.c0\", \"b.h0\", \"b.c0\"");
  }

  @Test
  void recordingsOfOtherModelsAreRefused() {
    assertRefused("no tensor \"input\"; it holds", tensor("output", 1, 1));
    assertRefused("input: expected 2 features on the last axis, found [3, 2, 3]", input(3, 2, 3));
    assertRefused(
        "input: expected [T, B, 2], [B, T, 2] or [T, 2], found [2]", tensor("input", 2, 1, 1));
    assertRefused("holds nothing to compare with: none of output, h_n, c_n", input(3, 2, 2));
    assertRefused(
        "lengths: expected [2], one for each sequence, found [1]",
        input(3, 2, 2),
        tensor("lengths", 1, 3));
    assertRefused(
        "h0: expected [4, 2, 3], found [1, 2, 3]; is it the recording of another model?",
        input(3, 2, 2),
        input(1, 2, 3, "h0"));
    Tensor tokens = tensor("input", 2, 3, 99);
    Tensor features = input(3, 2, 2);
    assertThatThrownBy(
            () ->
                FileRun.results(
                    backend, SmallNetworks.tagger(), write(Map.of(), List.of(features)), false))
        .hasMessageContaining("input: expected tokens as [T, B], [B, T] or [T], found [3, 2, 2]");
    assertThatThrownBy(
            () ->
                FileRun.results(
                    backend, SmallNetworks.tagger(), write(Map.of(), List.of(tokens)), false))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("token 99 is not in the vocabulary of embedding, 0 to 10");
  }

  private void assertRefused(String message, Tensor... tensors) {
    Path file = write(Map.of(), List.of(tensors));
    assertThatThrownBy(() -> Verification.run(backend, lstm, file, false))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  /** {@code inputs}, and what {@code network} gives for them. */
  private List<Tensor> recorded(Network network, Map<String, String> metadata, Tensor... inputs) {
    List<Tensor> tensors = new ArrayList<>(List.of(inputs));
    Path file = write(metadata, tensors);
    tensors.addAll(FileRun.results(backend, network, file, false));
    return tensors;
  }

  private Verification verify(Network network, Map<String, String> metadata, List<Tensor> tensors) {
    return Verification.run(backend, network, write(metadata, tensors), false);
  }

  private Path write(Map<String, String> metadata, List<Tensor> tensors) {
    try {
      Path file = folder.resolve("recorded.safetensors");
      SafetensorsWriter.write(file, metadata, tensors);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Tensor tensor(String name, int size, float... data) {
    return new Tensor(name, List.of(size), data);
  }

  private static Tensor input(int steps, int batch, int features) {
    return input(steps, batch, features, "input");
  }

  private static Tensor input(int steps, int batch, int features, String name) {
    float[] data = new float[steps * batch * features];
    for (int i = 0; i < data.length; i++) {
      data[i] = (i * 7 % 11) / 8f - 0.5f;
    }
    return new Tensor(name, List.of(steps, batch, features), data);
  }

  private static Tensor swapped(Tensor t) {
    int outer = t.shape().get(0);
    int inner = t.shape().get(1);
    int width = t.shape().get(2);
    float[] data = new float[t.data().length];
    for (int r = 0; r < outer * inner; r++) {
      int to = r % inner * outer + r / inner;
      System.arraycopy(t.data(), r * width, data, to * width, width);
    }
    return new Tensor(t.name(), List.of(inner, outer, width), data);
  }

  private static Tensor without(Tensor t, int axis) {
    List<Integer> shape = new ArrayList<>(t.shape());
    shape.subList(axis, axis + 1).clear();
    return new Tensor(t.name(), shape, t.data());
  }

  private static Tensor firstSteps(Tensor t, int steps) {
    int each = t.data().length / t.shape().getFirst();
    float[] data = new float[steps * each];
    System.arraycopy(t.data(), 0, data, 0, data.length);
    return new Tensor(t.name(), List.of(steps, t.shape().get(1), t.shape().get(2)), data);
  }
}
