package dev.sluice.bench.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import dev.sluice.layer.Dense;
import dev.sluice.parameter.Parameters;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;

/** A dense layer on a single row, as oneDNN's {@code matmul} with packed weights. */
final class DenseLayer {
  private final Dnnl dnnl;
  private final matmul primitive;
  private final IntMemoryMap arguments;
  private final memory output;

  /** Reads {@code input}, of {@code layer.in()} elements. */
  DenseLayer(Dnnl dnnl, Dense layer, Parameters parameters, memory input) {
    this.dnnl = dnnl;
    memory row = dnnl.view(input, format_tag.ab, 1, layer.in());
    memory weight =
        dnnl.of(
            parameters.get(layer.name() + ".weight").value().toArray(),
            format_tag.ab,
            layer.in(),
            layer.out());
    memory bias =
        dnnl.of(
            parameters.get(layer.name() + ".bias").value().toArray(),
            format_tag.ab,
            1,
            layer.out());
    output = dnnl.zeros(format_tag.ab, 1, layer.out());
    matmul.primitive_desc description =
        new matmul.primitive_desc(
            dnnl.engine(),
            row.get_desc(),
            Dnnl.describe(format_tag.any, layer.in(), layer.out()),
            bias.get_desc(),
            output.get_desc());
    primitive = new matmul(description);
    arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, row)
            .put(DNNL_ARG_WEIGHTS, dnnl.packed(weight, description.weights_desc()))
            .put(DNNL_ARG_BIAS, bias)
            .put(DNNL_ARG_DST, output);
  }

  /** (1, out). */
  memory output() {
    return output;
  }

  void run() {
    dnnl.run(primitive, arguments);
  }
}
