package dev.sluice.bench.onednn;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;

/** The processor as oneDNN sees it, and memory in the layouts that its primitives ask for. */
final class Dnnl implements AutoCloseable {
  private final PointerScope scope = new PointerScope(); // owns all that a task makes
  private final engine cpu = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
  private final stream queue = new stream(cpu);

  engine engine() {
    return cpu;
  }

  /** The description of a float32 tensor. */
  static memory.desc describe(memory.format_tag layout, long... shape) {
    return new memory.desc(shape, memory.data_type.f32, layout);
  }

  /** A new tensor, its elements zero. */
  memory zeros(memory.format_tag layout, long... shape) {
    memory tensor = new memory(describe(layout, shape), cpu);
    FloatBuffer elements = elements(tensor);
    elements.put(0, new float[elements.capacity()]);
    return tensor;
  }

  /** A new tensor with these elements. */
  memory of(float[] values, memory.format_tag layout, long... shape) {
    memory tensor = new memory(describe(layout, shape), cpu);
    elements(tensor).put(0, values);
    return tensor;
  }

  /** The memory of {@code tensor} under another shape. */
  memory view(memory tensor, memory.format_tag layout, long... shape) {
    return new memory(describe(layout, shape), cpu, tensor.get_data_handle());
  }

  /** The elements of {@code tensor} in the layout that a primitive wants them in. */
  memory packed(memory tensor, memory.desc wanted) {
    memory packed = new memory(wanted, cpu);
    new reorder(tensor, packed).execute(queue, tensor, packed);
    queue._wait();
    return packed;
  }

  /** The elements of {@code tensor}, to be read and written. */
  static FloatBuffer elements(memory tensor) {
    long size = tensor.get_desc().get_size() / Float.BYTES;
    return new FloatPointer(tensor.get_data_handle()).capacity(size).asBuffer();
  }

  void run(primitive operation, IntMemoryMap arguments) {
    operation.execute(queue, arguments);
  }

  void await() {
    queue._wait();
  }

  @Override
  public void close() {
    scope.close();
  }
}
