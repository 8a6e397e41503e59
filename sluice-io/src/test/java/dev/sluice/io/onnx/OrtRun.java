package dev.sluice.io.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** One run of an ONNX model in ONNX Runtime. */
final class OrtRun {
  private OrtRun() {}

  /** An input of a model. */
  interface Input {
    OnnxTensor tensor(OrtEnvironment environment) throws OrtException;

    static Input floats(float[] values, long... shape) {
      return environment -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
    }

    static Input ints(int... values) {
      return environment ->
          OnnxTensor.createTensor(environment, IntBuffer.wrap(values), new long[] {values.length});
    }

    static Input bool(boolean value) {
      return environment -> OnnxTensor.createTensor(environment, value);
    }

    static Input longs(long[] values, long... shape) {
      return environment -> OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }
  }

  /** The outputs of the model by name, all of them floats. */
  static Map<String, float[]> results(Path model, Map<String, Input> inputs) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try (OrtSession session = environment.createSession(model.toString())) {
      for (Map.Entry<String, Input> input : inputs.entrySet()) {
        tensors.put(input.getKey(), input.getValue().tensor(environment));
      }
      try (OrtSession.Result outputs = session.run(tensors)) {
        Map<String, float[]> results = new LinkedHashMap<>();
        outputs.forEach(
            output -> {
              FloatBuffer floats = ((OnnxTensor) output.getValue()).getFloatBuffer();
              float[] values = new float[floats.remaining()];
              floats.get(values);
              results.put(output.getKey(), values);
            });
        return results;
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }
}
