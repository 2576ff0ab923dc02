package io.millrace.operators.documents;

import io.millrace.engine.chat.PromptTooLongException;
import io.millrace.operators.documents.prose.Prose;
import io.millrace.operators.documents.split.DocumentSplitter;
import io.millrace.operators.documents.split.TextSpan;
import io.millrace.schemas.DocumentRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans the stages of one document: which prompts the first has, and which follow from a stage's
 * answers. The same answers always give the same plan.
 */
final class SummaryPlanner {
  /** More than in any text whose words are worth reading. */
  private static final int CHARACTERS_PER_TOKEN = 10;

  private final Prompter prompter;
  private final SummarySettings settings;
  private final String title;
  private final int maxNewTokens;

  SummaryPlanner(Prompter prompter, SummarySettings settings, DocumentRequest request) {
    this.prompter = prompter;
    this.settings = settings;
    this.title = title(request);
    this.maxNewTokens = settings.sampling().resolve(request.getSampling(), 0).maxNewTokens();
  }

  /** What stands before each part; empty for nothing. */
  static String title(DocumentRequest request) {
    return request.getTitle() == null ? "" : request.getTitle().strip();
  }

  /**
   * @throws IllegalArgumentException if no part of a useful length fits; the message names settings
   */
  List<TextSpan> split(String text) {
    boolean auto = settings.chunkTokens() == DocumentOptions.AUTO;
    if (auto) {
      Prompter.Room whole = prompter.room(settings, PromptKind.CHUNK, title, maxNewTokens);
      // What is far too long need not be counted.
      if (text.length() <= (long) CHARACTERS_PER_TOKEN * whole.limit()) {
        if (whole.tokens(text) <= whole.limit()) {
          return List.of(new TextSpan(0, text.length()));
        }
      }
    }
    PromptKind longest =
        settings.strategy() == SummaryStrategy.REFINE ? PromptKind.REFINE : PromptKind.CHUNK;
    Prompter.Room room = prompter.room(settings, longest, title, maxNewTokens);
    int limit = auto ? Math.min(SummarySettings.LONG_PART, room.limit()) : room.limit();
    return new DocumentSplitter(room::tokens, limit, settings.overlapTokens()).split(text);
  }

  List<DocumentPrompt> first(int chunks) {
    int atOnce = settings.strategy() == SummaryStrategy.REFINE ? 1 : chunks;
    List<DocumentPrompt> prompts = new ArrayList<>();
    for (int part = 0; part < atOnce; part++) {
      prompts.add(DocumentPrompt.chunk(part));
    }
    return prompts;
  }

  /**
   * The stage after one with these answers; none where they are the summary.
   *
   * @throws PromptTooLongException if no two partial summaries fit one prompt
   */
  List<DocumentPrompt> next(Progress progress, List<String> answers) {
    if (settings.strategy() == SummaryStrategy.REFINE) {
      int part = progress.stage() + 1;
      return part == progress.chunks()
          ? List.of()
          : List.of(DocumentPrompt.refine(part, Prose.of(answers, settings.language().space())));
    }
    return answers.size() == 1 ? List.of() : groups(answers);
  }

  private List<DocumentPrompt> groups(List<String> answers) {
    List<String> partials = answers.stream().filter(answer -> !answer.isBlank()).toList();
    if (partials.size() < 2) {
      return List.of(DocumentPrompt.unchanged(partials.isEmpty() ? "" : partials.get(0)));
    }
    Prompter.Room room = prompter.room(settings, PromptKind.COMBINE, title, maxNewTokens);
    List<DocumentPrompt> groups = new ArrayList<>();
    int end;
    for (int from = 0; from < partials.size(); from = end) {
      end = groupEnd(room, partials, from);
      groups.add(
          end == from + 1
              ? DocumentPrompt.unchanged(partials.get(from))
              : DocumentPrompt.combine(
                  Prose.of(partials.subList(from, end), settings.language().space())));
    }
    if (groups.size() == partials.size()) {
      throw new PromptTooLongException(
          "of %d partial summaries no two fit a prompt with room for %d tokens: lower"
                  .formatted(partials.size(), room.limit())
              + " documents.max-new-tokens or raise documents.chunk-tokens");
    }
    return groups;
  }

  /** The partial summary after the last that fits beside the first. */
  private int groupEnd(Prompter.Room room, List<String> partials, int from) {
    int end = from;
    long tokens = 0;
    while (end < partials.size()) {
      tokens += room.tokens(Prose.of(partials.subList(end, end + 1), settings.language().space()));
      if (tokens > room.limit() && end > from) {
        break;
      }
      end++;
    }
    while (end > from + 1
        && room.tokens(Prose.of(partials.subList(from, end), settings.language().space()))
            > room.limit()) {
      end--;
    }
    return end;
  }
}
