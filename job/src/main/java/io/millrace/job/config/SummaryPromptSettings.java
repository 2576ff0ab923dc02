package io.millrace.job.config;

import io.millrace.operators.documents.SummaryLanguage;
import io.millrace.operators.documents.SummaryPrompts;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** {@code documents.prompt-*}: what the model is asked, in each language. */
public final class SummaryPromptSettings {

  public static final ConfigOption<String> CHUNK_EN =
      prompt("chunk-en", "a part of an English document");

  public static final ConfigOption<String> COMBINE_EN =
      prompt("combine-en", "English partial summaries");

  public static final ConfigOption<String> REFINE_EN =
      prompt("refine-en", "an English summary so far and the next part");

  public static final ConfigOption<String> CHUNK_ZH =
      prompt("chunk-zh", "a part of a Chinese document");

  public static final ConfigOption<String> COMBINE_ZH =
      prompt("combine-zh", "Chinese partial summaries");

  public static final ConfigOption<String> REFINE_ZH =
      prompt("refine-zh", "a Chinese summary so far and the next part");

  private SummaryPromptSettings() {}

  static Map<SummaryLanguage, SummaryPrompts> of(ReadableConfig values) {
    return Map.of(
        SummaryLanguage.EN,
        new SummaryPrompts(values.get(CHUNK_EN), values.get(COMBINE_EN), values.get(REFINE_EN)),
        SummaryLanguage.ZH,
        new SummaryPrompts(values.get(CHUNK_ZH), values.get(COMBINE_ZH), values.get(REFINE_ZH)));
  }

  private static ConfigOption<String> prompt(String name, String what) {
    return ConfigOptions.key("documents.prompt-" + name)
        .stringType()
        .defaultValue("auto")
        .withDescription(
            "What the model is asked with "
                + what
                + "; {text}"
                + (name.startsWith("refine") ? " and {summary} stand" : " stands")
                + " for it. auto takes what the prepared model was trained with, otherwise instructions in full sentences.");
  }
}
