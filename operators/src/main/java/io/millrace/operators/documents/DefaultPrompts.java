package io.millrace.operators.documents;

import io.millrace.engine.model.SummaryInfo;
import java.util.Map;

/** The prompts where the settings leave them to the model. */
final class DefaultPrompts {
  private static final SummaryPrompts ENGLISH =
      new SummaryPrompts(
          """
          Summarize the text below for a reader who has not seen it. Say what it is about, what \
          happened or was found, and what follows from it. Keep the names, dates and numbers that \
          matter, and add nothing that the text does not say. Write one or two short paragraphs \
          of plain sentences, without a heading or a list, and nothing else.

          Text:
          {text}""",
          """
          Below are summaries of the consecutive parts of one document, in order. Combine them \
          into one summary of the whole document for a reader who has not seen it. Keep the \
          names, dates and numbers that matter, say what several parts say only once, and add \
          nothing of your own. Write one or two short paragraphs of plain sentences, without a \
          heading or a list and without naming the parts, and nothing else.

          Summaries:
          {text}""",
          """
          Below are a summary of a document so far and the part of it that comes next. Write the \
          summary anew so that it covers both. Keep the names, dates and numbers that matter, of \
          the summary so far as well as of the part, and add nothing of your own. Write one or \
          two short paragraphs of plain sentences, without a heading or a list, and nothing else.

          Summary so far:
          {summary}

          Next part:
          {text}""");

  private static final SummaryPrompts CHINESE =
      new SummaryPrompts(
          """
          请为没有读过下面这篇文本的读者写一份摘要，说明它的主题、发生或发现了什么以及结论。\
          保留重要的人名、日期和数字，不要添加文本中没有的内容。\
          用一到两个简短的自然段，不要标题和列表，只输出摘要。

          文本：
          {text}""",
          """
          下面是同一篇文档各个连续部分的摘要，按顺序排列。请把它们合并成整篇文档的一份摘要，\
          供没有读过的读者阅读。保留重要的人名、日期和数字，重复的内容只写一次，不要添加新的内容。\
          用一到两个简短的自然段，不要标题和列表，不要提及各个部分，只输出摘要。

          各部分摘要：
          {text}""",
          """
          下面是一篇文档到目前为止的摘要和紧接着的下一部分。请重写摘要，使它涵盖两者。\
          保留摘要和新部分中重要的人名、日期和数字，不要添加新的内容。\
          用一到两个简短的自然段，不要标题和列表，只输出摘要。

          目前的摘要：
          {summary}

          下一部分：
          {text}""");

  /** In fewer tokens than this the instructions above would take the text's place. */
  private static final int LEAST_CONTEXT = 1024;

  private static final SummaryPrompts BRIEF_ENGLISH =
      brief("Summarize the following report.\n", "{summary} {text}");
  private static final SummaryPrompts BRIEF_CHINESE = brief("请总结以下报告。\n", "{summary}{text}");

  private DefaultPrompts() {}

  private static SummaryPrompts brief(String instruction, String refined) {
    String prompt = instruction + "{text}";
    return new SummaryPrompts(prompt, prompt, instruction + refined);
  }

  /**
   * Those that a model was trained with, else such as any model that follows instructions reads.
   *
   * @param own what the model says of itself; null for nothing
   * @param context in tokens: a short one has no room for long instructions
   */
  static SummaryPrompts of(SummaryInfo own, SummaryLanguage language, int context) {
    boolean brief = context < LEAST_CONTEXT;
    SummaryPrompts instructions =
        switch (language) {
          case EN -> brief ? BRIEF_ENGLISH : ENGLISH;
          case ZH -> brief ? BRIEF_CHINESE : CHINESE;
        };
    if (own == null || own.prompts() == null || own.prompts().get(language.tag()) == null) {
      return instructions;
    }
    Map<String, String> trained = own.prompts().get(language.tag());
    return new SummaryPrompts(
            trained.getOrDefault("chunk", SummaryPrompts.AUTO),
            trained.getOrDefault("combine", SummaryPrompts.AUTO),
            trained.getOrDefault("refine", SummaryPrompts.AUTO))
        .orElse(instructions);
  }
}
