package io.millrace.engine.chat;

import io.millrace.engine.tokenize.Tokenizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What the formats built on {@code <|im_start|>} and {@code <|im_end|>} have in common. */
abstract class ImFormat implements ChatFormat {
  static final String START = "<|im_start|>";
  static final String END = "<|im_end|>";

  private final Tokenizer tokenizer;
  private final String defaultSystem;

  ImFormat(Tokenizer tokenizer, String defaultSystem) {
    this.tokenizer = tokenizer;
    this.defaultSystem = defaultSystem;
    for (String name : List.of(START, END)) {
      if (tokenizer.controlToken(name) < 0) {
        throw new IllegalArgumentException(
            "chat format "
                + name()
                + " needs the control token "
                + name
                + ", which the tokenizer lacks: change chat.format or tokenizer.controlTokens");
      }
    }
  }

  /** Writes one message from its header to its end. */
  abstract void write(PromptWriter out, String role, String content);

  @Override
  public int[] system(String system) {
    String content = system == null ? defaultSystem : system;
    PromptWriter out = writer();
    if (content != null) {
      write(out, "system", content);
    }
    return out.ids();
  }

  @Override
  public int[] answer(String text) {
    return tokenizer.encode(text);
  }

  @Override
  public Set<Integer> stopIds() {
    Set<Integer> ids = new TreeSet<>();
    ids.add(tokenizer.controlToken(END));
    int endOfText = tokenizer.controlToken("<|endoftext|>");
    if (endOfText >= 0) {
      ids.add(endOfText);
    }
    return ids;
  }

  @Override
  public Prompt prompt(int[] system, List<TokenTurn> history, int[] query, int maxTokens) {
    return HistoryWindow.prompt(system, history, close(), query, maxTokens);
  }

  final PromptWriter writer() {
    return new PromptWriter(tokenizer);
  }

  static String name(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
