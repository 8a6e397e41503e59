package dev.sluice.io;

import dev.sluice.data.StandardScaler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** scaler.json: what is taken from each channel, and what it is divided by. */
record ScalerFile(List<Float> mean, List<Float> deviation) {
  static void write(StandardScaler scaler, ModelFiles files) throws IOException {
    ConfigFile.write(
        files.folder().resolve(ModelFiles.SCALER),
        new ScalerFile(scaler.mean(), scaler.deviation()));
  }

  /** @throws ModelFileException when it is missing, or its numbers cannot scale */
  static StandardScaler read(ModelFiles files) {
    files.require(ModelFiles.SCALER);
    Path path = files.folder().resolve(ModelFiles.SCALER);
    ScalerFile scaler = ConfigFile.read(path).as(ScalerFile.class);
    try {
      return StandardScaler.of(floats(scaler.mean), floats(scaler.deviation));
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(path, e.getMessage() + "; was the file edited?", e);
    }
  }

  private static float[] floats(List<Float> boxed) {
    float[] floats = new float[boxed.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = boxed.get(i);
    }
    return floats;
  }
}
