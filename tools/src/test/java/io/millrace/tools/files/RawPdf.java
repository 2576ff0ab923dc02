package io.millrace.tools.files;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;

/** A PDF made of its objects, numbered from 1, so that each of them may be wrong. */
final class RawPdf {
  private final List<byte[]> objects = new ArrayList<>();

  /** The next object, without its number; null for one that is missing. */
  RawPdf object(String text) {
    objects.add(text == null ? null : text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  RawPdf stream(String dictionary, byte[] bytes) {
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    object.writeBytes(
        "<<%s/Length %d>>stream\n"
            .formatted(dictionary, bytes.length)
            .getBytes(StandardCharsets.ISO_8859_1));
    object.writeBytes(bytes);
    object.writeBytes("\nendstream".getBytes(StandardCharsets.ISO_8859_1));
    objects.add(object.toByteArray());
    return this;
  }

  RawPdf stream(String text) {
    return stream("", text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static byte[] deflate(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] buffer = new byte[1 << 16];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder xref =
        new StringBuilder("xref\n0 %d\n0000000000 65535 f \n".formatted(objects.size() + 1));
    out.writeBytes("%PDF-1.4\n".getBytes(StandardCharsets.ISO_8859_1));
    for (int i = 0; i < objects.size(); i++) {
      if (objects.get(i) == null) {
        xref.append("0000000000 65535 f \n");
        continue;
      }
      xref.append("%010d 00000 n \n".formatted(out.size()));
      out.writeBytes("%d 0 obj\n".formatted(i + 1).getBytes(StandardCharsets.ISO_8859_1));
      out.writeBytes(objects.get(i));
      out.writeBytes("\nendobj\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    String trailer =
        "%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            .formatted(xref, objects.size() + 1, out.size());
    out.writeBytes(trailer.getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }
}
