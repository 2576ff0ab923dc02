package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.model.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;

/** The mapped embedding; a lookup copies one row. */
final class EmbeddingTable {
  /** One mapping cannot exceed 2 GiB, an embedding can. */
  private static final int MAPPING = 1 << 30;

  private final ByteBuffer[] mappings;
  private final int rowsPerMapping;
  private final int width;
  private final int rowBytes;
  private final float[] scales;

  EmbeddingTable(PreparedModel model) throws IOException {
    TensorInfo info = model.manifest().tensors().get("embed.weight");
    width = Math.toIntExact(info.shape()[1]);
    rowBytes = Math.toIntExact(info.length() / info.shape()[0]);
    rowsPerMapping = MAPPING / rowBytes;
    scales = info.type().equals("int8") ? model.floats("embed.scale") : null;
    long chunk = (long) rowsPerMapping * rowBytes;
    mappings = new ByteBuffer[(int) ((info.length() + chunk - 1) / chunk)];
    try (FileChannel file = FileChannel.open(model.weightsFile(), StandardOpenOption.READ)) {
      for (int i = 0; i < mappings.length; i++) {
        long length = Math.min(chunk, info.length() - i * chunk);
        mappings[i] =
            file.map(MapMode.READ_ONLY, info.offset() + i * chunk, length)
                .order(ByteOrder.LITTLE_ENDIAN);
      }
    }
  }

  void lookup(int token, float[] into, int from, byte[] scratch) {
    ByteBuffer mapping = mappings[token / rowsPerMapping];
    int offset = token % rowsPerMapping * rowBytes;
    if (scales == null) {
      mapping
          .slice(offset, rowBytes)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(into, from, width);
      return;
    }
    mapping.get(offset, scratch, 0, width);
    float scale = scales[token];
    for (int i = 0; i < width; i++) {
      into[from + i] = scratch[i] * scale;
    }
  }
}
