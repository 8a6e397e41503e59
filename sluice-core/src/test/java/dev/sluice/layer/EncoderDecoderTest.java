package dev.sluice.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import dev.sluice.train.Adam;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two encoders whose states become that of a decoder, trained end to end: one reads digits, the other
 * a shorter or longer row of digits, and the decoder says the last digit of the one, that of the other,
 * and their sum modulo four. Every batch is new, so that nothing can be learned by heart, and nothing at all unless
 * the states of the right sequences meet and gradients flow.
 */
class EncoderDecoderTest {
  private static final int DIGITS = 4;
  private static final int BATCH = 24;
  private static final int STEPS = 3; // of the decoder

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind("LSTM", LstmCell::new),
        new Kind("GRU", GruCell::new),
        new Kind("RNN", RnnCell::new));
  }

  record Kind(String name, BiFunction<Integer, Integer, Cell> cell) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void learns(Kind kind) {
    Model model = new Model(kind.cell());
    Parameters parameters = new Parameters(model.parameters());
    parameters.initialize(RandomKey.of(1));
    Backend backend = new Backend(KernelProvider.choose().kernels(), Workers.SINGLE);
    Tape tape = Tape.training(backend, parameters);
    Adam adam = new Adam();
    double first = 0;
    double last = 0;
    for (int step = 0; step < 200; step++) {
      tape.reset(RandomKey.of(step));
      Var loss = model.loss(tape, RandomKey.of(step));
      tape.backward(loss);
      adam.step(backend, parameters, 0.01f);
      last = loss.value().get(0, 0);
      first = step == 0 ? last : first;
    }
    assertThat(first).isGreaterThan(1.2);
    assertThat(last).isLessThan(0.05);
  }

  private static final class Model {
    private final Embedding embedding = new Embedding("embedding", DIGITS, 8);
    private final Embedding question = new Embedding("question", STEPS, 8);
    private final Recurrent local;
    private final Recurrent global;
    private final Recurrent decoder;
    private final Dense dense;

    Model(BiFunction<Integer, Integer, Cell> cell) {
      local = new Recurrent("local", List.of(cell.apply(8, 16), cell.apply(16, 16)), false, 0);
      global = new Recurrent("global", List.of(cell.apply(8, 12), cell.apply(12, 12)), false, 0);
      decoder = new Recurrent("decoder", List.of(cell.apply(8, 28), cell.apply(28, 28)), false, 0);
      dense = new Dense("dense", 28, DIGITS);
    }

    List<ParameterSpec> parameters() {
      return Stream.<Layer>of(embedding, question, local, global, decoder, dense)
          .flatMap(layer -> layer.parameters().stream())
          .toList();
    }

    /** Of new digits. */
    Var loss(Tape tape, RandomKey key) {
      int[][] numbers = digits(key.fold("numbers"));
      int[][] others = digits(key.fold("others"));
      State ofNumbers = local.forward(embedded(tape, numbers)).state();
      State ofOthers = global.forward(embedded(tape, others)).state();
      Packing packing = Packing.uniform(BATCH, STEPS);
      int[] asked = IntStream.range(0, packing.rows()).map(row -> row / BATCH).toArray();
      PackedSequence questions = new PackedSequence(packing, question.forward(tape, asked));
      PackedSequence answers = decoder.forward(questions, ofNumbers.concat(ofOthers)).output();
      return CrossEntropy.mean(dense.forward(answers.data()), expected(numbers, others));
    }

    private PackedSequence embedded(Tape tape, int[][] sequences) {
      Packing packing = Packing.of(Arrays.stream(sequences).mapToInt(s -> s.length).toArray());
      int[] ids = new int[packing.rows()];
      for (int t = 0; t < packing.steps(); t++) {
        for (int b = 0; b < packing.live(t); b++) {
          ids[packing.offset(t) + b] = sequences[packing.given(b)][t];
        }
      }
      return new PackedSequence(packing, embedding.forward(tape, ids));
    }

    /** Time-major, as a batch of sequences of one length is packed. */
    private static int[] expected(int[][] numbers, int[][] others) {
      int[] expected = new int[STEPS * BATCH];
      for (int b = 0; b < BATCH; b++) {
        int one = numbers[b][numbers[b].length - 1];
        int other = others[b][others[b].length - 1];
        expected[b] = one;
        expected[BATCH + b] = other;
        expected[2 * BATCH + b] = (one + other) % DIGITS;
      }
      return expected;
    }

    /** (B, length) with lengths of 1 to 5. */
    private static int[][] digits(RandomKey key) {
      int[][] sequences = new int[BATCH][];
      for (int b = 0; b < BATCH; b++) {
        RandomKey own = key.fold(b);
        int length = 1 + own.below(5, 0);
        sequences[b] = IntStream.range(0, length).map(i -> own.below(DIGITS, 1 + i)).toArray();
      }
      return sequences;
    }
  }
}
