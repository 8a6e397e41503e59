package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.CellKind;
import dev.sluice.data.LineTokenizer;
import dev.sluice.data.TokenStreams;
import dev.sluice.data.Vocabulary;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.DetachedState;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.LanguageModel.Dropout;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameter;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LanguageModelTest {
  private static final Backend SCALAR = new Backend(new ScalarKernels(), Workers.SINGLE);
  private static final int[] TEXT = {1, 4, 2, 5, 3, 3, 0, 2, 4, 1, 5, 5};
  private static final Dropout NONE = new Dropout(0, 0, 0);

  @AutoClose private final Workers two = Workers.of(2);

  private static LanguageModel model(CellKind cell, int layers, boolean tied) {
    Vocabulary vocabulary = Vocabulary.build(Stream.of(List.of("a", "b", "c", "d", "\n")), 1, 9);
    var config = new LanguageModel.Config(LineTokenizer.CHARACTERS, cell, 7, 7, layers, tied, NONE);
    LanguageModel model = new LanguageModel(config, vocabulary);
    model.parameters().initialize(RandomKey.of(1), "*", Initializer.uniform(0.7f));
    return model;
  }

  private static float[] logits(LanguageModel model, int... text) {
    Tape tape = Tape.inference(SCALAR, model.parameters());
    TokenStreams.Window window = new TokenStreams(text, 1).window(0, text.length);
    DetachedState zeros = model.recurrent().zeroState(tape, 1).detach();
    return model.forward(tape, window, zeros).logits().value().toArray();
  }

  @Test
  void parametersAreThoseOfPyTorchExamples() {
    assertThat(model(CellKind.LSTM, 1, false).parameters().all())
        .extracting(Parameter::name)
        .containsExactly(
            "encoder.weight",
            "rnn.weight_ih_l0",
            "rnn.weight_hh_l0",
            "rnn.bias_ih_l0",
            "rnn.bias_hh_l0",
            "decoder.weight",
            "decoder.bias");
    assertThat(model(CellKind.LSTM, 1, true).parameters().all())
        .extracting(Parameter::name)
        .doesNotContain("decoder.weight")
        .contains("encoder.weight", "decoder.bias");
  }

  @Test
  void tiedIsADecoderOfTheEmbeddings() {
    LanguageModel tied = model(CellKind.LSTM, 2, true);
    LanguageModel untied = model(CellKind.LSTM, 2, false);
    for (Parameter p : tied.parameters().all()) {
      untied.parameters().get(p.name()).value().copyFrom(p.value());
    }
    Matrix table = tied.parameters().get("encoder.weight").value();
    Matrix weight = untied.parameters().get("decoder.weight").value();
    for (int token = 0; token < table.rows; token++) {
      for (int c = 0; c < table.cols; c++) {
        weight.set(c, token, table.get(token, c));
      }
    }
    assertThat(logits(tied, TEXT)).isEqualTo(logits(untied, TEXT));
  }

  /** Generation reads its own tokens one by one; read as a whole, each is the one it would draw. */
  @ParameterizedTest
  @EnumSource(CellKind.class)
  void generatesWhatTheWholeSequenceWouldSay(CellKind cell) {
    for (boolean tied : new boolean[] {false, true}) {
      LanguageModel model = model(cell, 2, tied);
      Sampling sampling = new Sampling(0.8, 4, RandomKey.of(2));
      TextGenerator generator = new TextGenerator(SCALAR, model, sampling);
      generator.prompt("ab\nd");
      String text = "\nab\nd";
      for (int i = 0; i < 30; i++) {
        int[] read =
            model.vocabulary().ids(text.codePoints().mapToObj(Character::toString).toList());
        float[] scores =
            logits(model, IntStream.concat(IntStream.of(read), IntStream.of(0)).toArray());
        int vocabulary = model.vocabulary().size();
        float[] last = new float[vocabulary];
        System.arraycopy(scores, scores.length - vocabulary, last, 0, vocabulary);
        String next = generator.next();
        assertThat(next).isEqualTo(model.vocabulary().token(sampling.choose(last, i)));
        text += next.equals("<unk>") ? "?" : next; // any character that is not known
      }
    }
  }

  @Test
  void generatesTheSameWithOtherKernelsAndThreads() {
    LanguageModel model = model(CellKind.LSTM, 2, true);
    String expected = text(SCALAR, model);
    assertThat(text(new Backend(KernelProvider.choose().kernels(), two), model))
        .isEqualTo(expected);
  }

  private static String text(Backend backend, LanguageModel model) {
    Sampling sampling = new Sampling(1, 0, RandomKey.of(5));
    TextGenerator generator = new TextGenerator(backend, model, sampling);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append(generator.next());
    }
    return text.toString();
  }

  @Test
  void aForgetBiasIsAddedToTheForgetGates() {
    LanguageModel model = model(CellKind.LSTM, 2, false);
    Matrix before = model.parameters().get("rnn.bias_ih_l1").value().copy();
    model.addForgetBias(1);
    Matrix after = model.parameters().get("rnn.bias_ih_l1").value();
    for (int unit = 0; unit < 28; unit++) {
      float added = unit >= 7 && unit < 14 ? 1 : 0;
      assertThat(after.get(0, unit)).isEqualTo(before.get(0, unit) + added);
    }
    assertThatThrownBy(() -> model(CellKind.GRU, 1, false).addForgetBias(1))
        .hasMessage("a forget bias is for an LSTM; a GRU has no forget gate");
  }

  @Test
  void tiedWeightsNeedOneWidth() {
    assertThatThrownBy(
            () ->
                new LanguageModel.Config(
                    LineTokenizer.WORDS, CellKind.LSTM, 200, 650, 2, true, NONE))
        .hasMessage("tied weights need embeddings as wide as the hidden layers, got 200 and 650");
  }
}
