package dev.sluice.bench.onednn;

import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.cli.bench.Task;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;

/**
 * A stream: sequences of one step. Two states of each group take turns, so that none is copied. Input and answer are in
 * Java's arrays, as a user has them.
 */
final class StreamingTask implements Task {
  private final Dnnl dnnl = new Dnnl();
  private final Matrix inputs;
  private final FloatBuffer x;
  private final List<LstmGroup> groups;
  private final List<List<IntMemoryMap>> arguments; // of even and of odd steps
  private final Optional<DenseLayer> dense;
  private final FloatBuffer answer;
  private final float[] y;
  private int step;

  StreamingTask(StreamingWorkload workload) {
    Parameters parameters = workload.parameters();
    inputs = workload.input();
    memory input = dnnl.zeros(format_tag.tnc, 1, 1, inputs.cols);
    x = Dnnl.elements(input);
    groups = LstmGroup.all(dnnl, workload.lstm(), parameters, input);
    List<LstmGroup.State> even = groups.stream().map(LstmGroup::zeros).toList();
    List<LstmGroup.State> odd = groups.stream().map(LstmGroup::zeros).toList();
    arguments = List.of(arguments(even, odd), arguments(odd, even));
    memory last = groups.getLast().output();
    dense = workload.dense().map(layer -> new DenseLayer(dnnl, layer, parameters, last));
    answer = Dnnl.elements(dense.map(DenseLayer::output).orElse(last));
    y = new float[answer.capacity()];
  }

  private List<IntMemoryMap> arguments(List<LstmGroup.State> before, List<LstmGroup.State> after) {
    return IntStream.range(0, groups.size())
        .mapToObj(i -> groups.get(i).arguments(before.get(i), after.get(i)))
        .toList();
  }

  @Override
  public void run() {
    x.put(0, inputs.data, inputs.at(step % inputs.rows), inputs.cols);
    List<IntMemoryMap> turn = arguments.get(step % 2);
    for (int i = 0; i < groups.size(); i++) {
      groups.get(i).run(turn.get(i));
    }
    dense.ifPresent(DenseLayer::run);
    dnnl.await();
    answer.get(0, y);
    step++;
  }

  @Override
  public float[] result() {
    return y.clone();
  }

  @Override
  public void close() {
    dnnl.close();
  }
}
