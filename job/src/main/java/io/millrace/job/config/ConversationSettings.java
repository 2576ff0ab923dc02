package io.millrace.job.config;

import io.millrace.operators.conversation.ConversationOptions;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/** {@code conversation.*}: what the conversation operator holds and remembers. */
public final class ConversationSettings {

  public static final ConfigOption<Duration> IDLE_TTL =
      ConfigOptions.key("conversation.idle-ttl")
          .durationType()
          .defaultValue(Duration.ofHours(24))
          .withDescription(
              "The history of a conversation without a request for this long is forgotten.");

  public static final ConfigOption<Integer> MAX_BUFFERED =
      ConfigOptions.key("conversation.max-buffered")
          .intType()
          .defaultValue(10000)
          .withDescription(
              "Requests held by one parallel operator, running and waiting; at so many the source stops reading until there is room. What is not read yet cannot overtake: neither a priority nor a tenant's share counts there.");

  public static final ConfigOption<MemorySize> MAX_BUFFERED_SIZE =
      ConfigOptions.key("conversation.max-buffered-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(64))
          .withDescription(
              "Size of these requests' records together; the source stops reading at whichever bound is reached first. What is under way by then is still taken in. State on the heap keeps each request about twice, as it came and decoded.");

  public static final ConfigOption<Integer> REMEMBERED_REQUESTS =
      ConfigOptions.key("conversation.remembered-requests")
          .intType()
          .defaultValue(256)
          .withDescription(
              "How many of its latest request ids a conversation remembers, to answer a repeated request once.");

  private ConversationSettings() {}

  static void check(ReadableConfig values) {
    SettingChecks.positive(values, IDLE_TTL);
    SettingChecks.atLeast(1, values, MAX_BUFFERED);
    SettingChecks.notEmpty(values, MAX_BUFFERED_SIZE);
    SettingChecks.atLeast(1, values, REMEMBERED_REQUESTS);
  }

  /** How the conversation operator works. */
  static ConversationOptions of(ReadableConfig values) {
    return new ConversationOptions(
        values.get(MAX_BUFFERED),
        values.get(MAX_BUFFERED_SIZE).getBytes(),
        values.get(IDLE_TTL),
        values.get(REMEMBERED_REQUESTS),
        values.get(RetrySettings.ATTEMPTS),
        values.get(RetrySettings.BACKOFF),
        SamplingSettings.ofConversations(values));
  }
}
