package io.millrace.tools.files;

import io.millrace.operators.record.Traced;
import java.io.IOException;
import java.io.Serializable;
import java.util.function.Function;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes the end of each document to its own file. What is written again after a restart replaces
 * the same bytes, so nothing has to wait for a checkpoint.
 */
final class ResultSink<T> implements Sink<Traced<T>> {
  private static final long serialVersionUID = 1L;

  /** Tells of a record what has to be serialisable. */
  interface Part<T> extends Function<T, String>, Serializable {}

  private final ResultFiles results;
  private final Part<T> documentId;
  private final Part<T> line;

  ResultSink(ResultFiles results, Part<T> documentId, Part<T> line) {
    this.results = results;
    this.documentId = documentId;
    this.line = line;
  }

  @Override
  public SinkWriter<Traced<T>> createWriter(WriterInitContext context) {
    return new SinkWriter<>() {
      @Override
      public void write(Traced<T> element, Context context) throws IOException {
        T record = element.record();
        results.write(documentId.apply(record), line.apply(record));
      }

      @Override
      public void flush(boolean endOfInput) {
        // Every record is in its file already.
      }

      @Override
      public void close() {
        // Nothing is open between two records.
      }
    };
  }
}
