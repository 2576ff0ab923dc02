package io.millrace.operators.documents.split;

/** A stretch of a document: characters from start (inclusive) to end (exclusive). */
public record TextSpan(int start, int end) {

  public String of(String text) {
    return text.substring(start, end);
  }

  public int length() {
    return end - start;
  }
}
