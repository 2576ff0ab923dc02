package io.millrace.tools.files;

import io.millrace.operators.documents.SourceDocument;
import io.millrace.operators.record.RecordOrigin;
import io.millrace.schemas.DocumentRequest;
import java.util.List;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Makes documents of files by their number; a number that no file has is passed over. */
final class FileReader implements FlatMapFunction<Long, SourceDocument> {
  private static final long serialVersionUID = 1L;

  private final List<DocumentFile> files;

  FileReader(List<DocumentFile> files) {
    this.files = List.copyOf(files);
  }

  @Override
  public void flatMap(Long number, Collector<SourceDocument> out) {
    // After a restart the source goes on counting behind the last file.
    if (number >= files.size()) {
      return;
    }
    DocumentFile file = files.get(number.intValue());
    RecordOrigin origin = new RecordOrigin(null, null, file.id(), 0, number, null);
    try {
      FileText text = TextExtractor.read(file);
      DocumentRequest request =
          DocumentRequest.newBuilder()
              .setDocumentId(file.id())
              .setText(text.text())
              .setPagesWithoutText(text.pagesWithoutText())
              .build();
      out.collect(new SourceDocument(request, null, origin));
    } catch (UnreadableDocumentException e) {
      out.collect(new SourceDocument(null, e.getMessage(), origin));
    }
  }
}
