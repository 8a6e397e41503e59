package dev.sluice.bench.onednn;

import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.Task;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;

/** Whole sequences, from states of zeros. */
final class InferenceTask implements Task {
  private final Dnnl dnnl = new Dnnl();
  private final List<LstmGroup> groups;
  private final List<IntMemoryMap> arguments;
  private final FloatBuffer output;

  InferenceTask(InferenceWorkload workload) {
    memory input =
        dnnl.of(
            workload.input().toArray(),
            format_tag.tnc,
            workload.steps(),
            workload.batch(),
            workload.lstm().inputs());
    groups = LstmGroup.all(dnnl, workload.lstm(), workload.parameters(), input);
    arguments = groups.stream().map(g -> g.arguments(g.zeros(), g.zeros())).toList();
    output = Dnnl.elements(groups.getLast().output());
  }

  @Override
  public void run() {
    for (int i = 0; i < groups.size(); i++) {
      groups.get(i).run(arguments.get(i));
    }
    dnnl.await();
  }

  @Override
  public float[] result() {
    float[] values = new float[output.capacity()];
    output.get(0, values);
    return values;
  }

  @Override
  public void close() {
    dnnl.close();
  }
}
