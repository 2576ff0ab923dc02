package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The mapped embedding; a lookup copies one row. */
final class EmbeddingTable {
  private final ByteBuffer[] mappings;
  private final int rowsPerMapping;
  private final int rows;
  private final int width;
  private final float[] scales;

  EmbeddingTable(WeightsFile file, ModelConfig config, Precision precision) throws IOException {
    rows = config.vocabularyRows();
    width = config.hiddenSize();
    TensorInfo info = file.info("embed.weight", rows, width);
    mappings = file.rows(info);
    rowsPerMapping = WeightsFile.rowsPerMapping(info);
    scales = precision == Precision.INT8 ? file.floats("embed.scale", rows) : null;
  }

  void lookup(int token, float[] into, int from, byte[] scratch) {
    ByteBuffer mapping = mappings[token / rowsPerMapping];
    int row = token % rowsPerMapping;
    if (scales == null) {
      mapping
          .slice(row * width * Float.BYTES, width * Float.BYTES)
          .order(mapping.order())
          .asFloatBuffer()
          .get(into, from, width);
      return;
    }
    mapping.get(row * width, scratch, 0, width);
    float scale = scales[token];
    for (int i = 0; i < width; i++) {
      into[from + i] = scratch[i] * scale;
    }
  }

  int rows() {
    return rows;
  }
}
