package io.millrace.operators.documents;

import io.millrace.engine.Engine;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.PromptTooLongException;
import io.millrace.engine.chat.Role;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Writes the prompts of a document and tells exactly how much text they have room for. */
final class Prompter {
  /** A summary may be some tokens longer as text than it was when it was generated. */
  private static final int SLACK = 16;

  private final ChatFormat format;
  private final int maxSequence;
  private final int[] system;
  private final Map<SummaryLanguage, SummarySettings> settings =
      new EnumMap<>(SummaryLanguage.class);

  public Prompter(Engine engine, DocumentOptions options) {
    format = engine.chatFormat();
    maxSequence = engine.maxSequenceLength();
    // A model without a chat format must stop the job here, not make every document a dead letter.
    system = format.system(null);
    // So must one with prompts that cannot be used.
    for (SummaryLanguage language : SummaryLanguage.values()) {
      settings.put(language, SummarySettings.of(options, language, engine.manifest(), maxSequence));
    }
  }

  /** What a document that begins now is summarised with. */
  SummarySettings settings(SummaryLanguage language) {
    return settings.get(language);
  }

  /** The ids of a prompt; an empty title is none. */
  int[] ids(SummarySettings settings, PromptKind task, String title, String text, String summary) {
    String head = title.isEmpty() || task == PromptKind.COMBINE ? "" : title + "\n";
    String message = settings.prompts().of(task, head + text, summary);
    int[] query = format.query(List.of(new Message(Role.USER, message)));
    return format.prompt(system, List.of(), query, Integer.MAX_VALUE).ids();
  }

  /**
   * @throws PromptTooLongException if prompt and answer together exceed the context
   */
  void checkFits(int[] prompt, int maxNewTokens) {
    if (prompt.length > maxSequence - maxNewTokens) {
      throw new PromptTooLongException(prompt.length, maxSequence - maxNewTokens);
    }
  }

  /** Measures what stands in the place of a prompt's text. */
  Room room(SummarySettings settings, PromptKind task, String title, int maxNewTokens) {
    int around = ids(settings, task, title, "", "").length;
    int summary = task == PromptKind.REFINE ? maxNewTokens + SLACK : 0;
    int fits = maxSequence - maxNewTokens - around - summary;
    int longest = settings.chunkTokens();
    int limit = longest > 0 ? Math.min(longest, fits) : fits;
    return new Room(settings, task, title, around, limit);
  }

  /** The room that a kind of prompt has for text. */
  final class Room {
    private final SummarySettings settings;
    private final PromptKind task;
    private final String title;
    private final int around;
    private final int limit;

    private Room(SummarySettings settings, PromptKind task, String title, int around, int limit) {
      this.settings = settings;
      this.task = task;
      this.title = title;
      this.around = around;
      this.limit = limit;
    }

    /** The longest text, in tokens. */
    int limit() {
      return limit;
    }

    /** By how many tokens a text makes the prompt longer. */
    int tokens(String text) {
      try {
        return ids(settings, task, title, text, "").length - around;
      } catch (IllegalArgumentException e) {
        // A run without a break that the tokenizer refuses: shorter pieces of it do fit.
        return Integer.MAX_VALUE;
      }
    }
  }
}
