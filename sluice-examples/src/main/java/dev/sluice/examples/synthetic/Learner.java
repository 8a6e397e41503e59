package dev.sluice.examples.synthetic;

import dev.sluice.cell.Cell;
import dev.sluice.data.SeriesBatch;
import dev.sluice.examples.synthetic.Problem.Answer;
import dev.sluice.examples.synthetic.Problem.Example;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.BinaryCrossEntropy;
import dev.sluice.loss.SquaredError;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import dev.sluice.train.Metric;
import dev.sluice.train.Objective;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A recurrent layer and a dense one that learn a {@link Problem} from fresh examples: none is seen twice in
 * training, and others are tested.
 */
final class Learner implements Objective {
  private static final int TESTED_AT_A_TIME = 32;

  private final Problem problem;
  private final Recurrent recurrent;
  private final Dense dense;
  private final Parameters parameters;
  private final int batch;
  private final int batches;
  private final int tests;
  private final RandomKey key;
  private int epoch;

  /**
   * A learner with its first weights.
   *
   * @param biases how those of the recurrent layer start, if not as its cell has it
   * @param batch examples in a batch
   * @param batches in what the trainer takes for an epoch
   * @param tests examples that are tested after it
   */
  Learner(
      Problem problem,
      Cell cell,
      Optional<Initializer> biases,
      int batch,
      int batches,
      int tests,
      long seed) {
    this.problem = problem;
    this.batch = batch;
    this.batches = batches;
    this.tests = tests;
    recurrent = new Recurrent("rnn", cell);
    dense = new Dense("dense", recurrent.outputSize(), problem.outputs());
    parameters = Layer.parametersOf(recurrent, dense);
    key = RandomKey.of(seed);
    RandomKey start = key.fold("parameters");
    parameters.initialize(start);
    biases.ifPresent(
        initializer -> {
          parameters.initialize(start, "rnn.bias_ih*", initializer);
          parameters.initialize(start, "rnn.bias_hh*", Initializer.zeros());
        });
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public int beginEpoch(int number) {
    epoch = number;
    return batches;
  }

  @Override
  public int batchSize(int number) {
    return batch;
  }

  @Override
  public Var loss(Tape tape, int number) {
    RandomKey training = key.fold("training").fold(epoch).fold(number);
    return loss(tape, examples(problem::example, training, 0, batch));
  }

  /** The share of examples of the tests that are right in all of their steps decides. */
  @Override
  public Score validate(Tape tape) {
    RandomKey testing = key.fold("tests");
    double loss = 0;
    int right = 0;
    for (int from = 0; from < tests; from += TESTED_AT_A_TIME) {
      int end = Math.min(tests, from + TESTED_AT_A_TIME);
      List<Example> some = examples(problem::test, testing, from, end);
      tape.reset(RandomKey.of(0));
      loss += (double) loss(tape, some).value().get(0, 0) * some.size();
      right += (int) some.stream().filter(example -> isRight(tape, example)).count();
    }
    return new Score(loss / tests, Metric.ACCURACY, (double) right / tests);
  }

  /** Whether the answers to an example are all right. */
  boolean isRight(Tape tape, Example example) {
    tape.reset(RandomKey.of(0));
    SeriesBatch one = SeriesBatch.of(List.of(example.steps()));
    return problem.isRight(outputs(tape, one, example.targets().rows == 1).value(), example);
  }

  private static List<Example> examples(
      Function<RandomKey, Example> source, RandomKey key, int first, int end) {
    return IntStream.range(first, end).mapToObj(i -> source.apply(key.fold(i))).toList();
  }

  private Var loss(Tape tape, List<Example> examples) {
    SeriesBatch steps = SeriesBatch.of(examples.stream().map(Example::steps).toList());
    boolean atEnd = examples.getFirst().targets().rows == 1;
    Matrix targets =
        atEnd
            ? stacked(examples)
            : SeriesBatch.of(examples.stream().map(Example::targets).toList()).steps();
    Var y = outputs(tape, steps, atEnd);
    return problem.answer() == Answer.NUMBERS
        ? SquaredError.mean(y, targets)
        : BinaryCrossEntropy.mean(y, targets);
  }

  private Var outputs(Tape tape, SeriesBatch batch, boolean atEnd) {
    Recurrent.Result result =
        recurrent.forward(new PackedSequence(batch.packing(), tape.constant(batch.steps())));
    return dense.forward(atEnd ? recurrent.lastOutputs(result) : result.output().data());
  }

  private static Matrix stacked(List<Example> examples) {
    Matrix all = Matrix.zeros(examples.size(), examples.getFirst().targets().cols);
    for (int b = 0; b < all.rows; b++) {
      all.rowRange(b, b + 1).copyFrom(examples.get(b).targets());
    }
    return all;
  }
}
