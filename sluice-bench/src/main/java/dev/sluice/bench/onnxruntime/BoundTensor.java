package dev.sluice.bench.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Memory that Java and ONNX Runtime share. */
record BoundTensor(FloatBuffer memory, OnnxTensor tensor) {
  static BoundTensor of(OrtEnvironment environment, long... shape) throws OrtException {
    long size = Float.BYTES;
    for (long dimension : shape) {
      size *= dimension;
    }
    FloatBuffer memory =
        ByteBuffer.allocateDirect(Math.toIntExact(size))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    return new BoundTensor(memory, OnnxTensor.createTensor(environment, memory, shape));
  }
}
