package io.millrace.engine.chat;

import io.millrace.engine.tokenize.Tokenizer;
import java.util.Arrays;

/**
 * Collects a piece of a prompt. Text between two control tokens is encoded as one string: the ids
 * are then those of a template that is rendered first and encoded as a whole.
 */
final class PromptWriter {
  private final Tokenizer tokenizer;
  private final StringBuilder text = new StringBuilder();
  private int[] ids = new int[64];
  private int length;

  PromptWriter(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The id of a token that the template itself writes; its plain text where the model has none. */
  PromptWriter control(String name) {
    int id = tokenizer.controlToken(name);
    if (id < 0) {
      return text(name);
    }
    encodeText();
    append(id);
    return this;
  }

  /** Text that may join what comes before and after it. */
  PromptWriter text(String value) {
    text.append(value);
    return this;
  }

  /** Text that is encoded apart from what comes before it. */
  PromptWriter separate(String value) {
    encodeText();
    return text(value);
  }

  int[] ids() {
    encodeText();
    return Arrays.copyOf(ids, length);
  }

  private void encodeText() {
    if (text.length() > 0) {
      append(tokenizer.encode(text.toString()));
      text.setLength(0);
    }
  }

  private void append(int... more) {
    if (length + more.length > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(2 * ids.length, length + more.length));
    }
    System.arraycopy(more, 0, ids, length, more.length);
    length += more.length;
  }
}
