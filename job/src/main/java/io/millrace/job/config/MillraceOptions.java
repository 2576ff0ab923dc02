package io.millrace.job.config;

import io.millrace.engine.runtime.KvType;
import io.millrace.engine.schedule.draft.Drafting;
import io.millrace.operators.documents.SummaryStrategy;
import io.millrace.operators.record.RecordSize;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/**
 * Every setting of conf/millrace.yaml with its default and its description; the file and the table
 * in docs/operations.md are written from here.
 */
public final class MillraceOptions {

  public static final ConfigOption<String> MODEL_DIRECTORY =
      ConfigOptions.key("model.directory")
          .stringType()
          .defaultValue("models/millrace-tiny/int8")
          .withDescription(
              "Directory of the prepared model. A relative path is looked for in the working directory, then in Millrace's home.");

  public static final ConfigOption<Integer> ENGINE_THREADS =
      ConfigOptions.key("engine.threads")
          .intType()
          .defaultValue(0)
          .withDescription("Threads of the model's maths; 0 takes the machine's cores.");

  public static final ConfigOption<Integer> ENGINE_MAX_RUNNING =
      ConfigOptions.key("engine.max-running")
          .intType()
          .defaultValue(64)
          .withDescription(
              "Sequences in one batch at most. All operators of a JVM together give the engine twice as many turns at one time, and more only where a higher priority or another tenant would have to wait.");

  public static final ConfigOption<Integer> ENGINE_MAX_BATCH_TOKENS =
      ConfigOptions.key("engine.max-batch-tokens")
          .intType()
          .defaultValue(512)
          .withDescription(
              "Tokens in one forward pass at most. Larger serves long prompts faster and delays running answers more.");

  public static final ConfigOption<Integer> ENGINE_MIN_PREFILL_TOKENS =
      ConfigOptions.key("engine.min-prefill-tokens")
          .intType()
          .defaultValue(32)
          .withDescription(
              "Prompt tokens that a forward pass takes at least while prompts wait, so that running answers do not starve them. While several tenants of one priority use the engine, the prompts of those that used more than twice the others' mean lately get no more than this of a forward pass: the longer it is, the longer others wait for theirs.");

  public static final ConfigOption<MemorySize> ENGINE_KV_CACHE_SIZE =
      ConfigOptions.key("engine.kv-cache-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(256))
          .withDescription(
              "Memory for the KV cache of all conversations. What does not fit is computed again.");

  public static final ConfigOption<KvType> ENGINE_KV_TYPE =
      ConfigOptions.key("engine.kv-type")
          .enumType(KvType.class)
          .defaultValue(KvType.FP32)
          .withDescription(
              "Number format of the KV cache, FP32 or BF16. BF16 holds twice the tokens in the same memory; its rounding can change an answer, so a turn that is generated again after a restart gives the same tokens only if this has stayed the same.");

  public static final ConfigOption<Integer> ENGINE_MAX_SEQUENCE_LENGTH =
      ConfigOptions.key("engine.max-sequence-length")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Longest prompt and answer together, in tokens; 0 takes the model's. Older turns that do not fit are left out.");

  public static final ConfigOption<Boolean> ENGINE_SPIN =
      ConfigOptions.key("engine.spin")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether idle threads of the model's maths stay awake for 2 ms and not for 50 microseconds: for machines with cores to spare.");

  public static final ConfigOption<Integer> ENGINE_DRAFT_ROWS =
      ConfigOptions.key("engine.draft-rows")
          .intType()
          .defaultValue(Drafting.STANDARD.rows())
          .withDescription(
              "Tokens are guessed only as long as the running answers and the guesses are at most this many rows of a forward pass: in larger ones a row costs what it saves. 0 turns guessing off for all requests.");

  public static final ConfigOption<Integer> ENGINE_DRAFT_LONGEST_NGRAM =
      ConfigOptions.key("engine.draft-longest-ngram")
          .intType()
          .defaultValue(Drafting.STANDARD.longestNgram())
          .withDescription(
              "How many last tokens are looked for further to the front before fewer are, to guess that the same follows again; at most 8.");

  public static final ConfigOption<Integer> ENGINE_DRAFT_SHORTEST_NGRAM =
      ConfigOptions.key("engine.draft-shortest-ngram")
          .intType()
          .defaultValue(Drafting.STANDARD.shortestNgram())
          .withDescription(
              "How many last tokens must have occurred before for a guess; fewer make more and worse guesses.");

  public static final ConfigOption<String> KAFKA_BOOTSTRAP_SERVERS =
      ConfigOptions.key("kafka.bootstrap-servers")
          .stringType()
          .defaultValue("localhost:9092")
          .withDescription("Kafka brokers, as host:port, separated by commas.");

  public static final ConfigOption<Map<String, String>> KAFKA_PROPERTIES =
      ConfigOptions.key("kafka.properties")
          .mapType()
          .defaultValue(Map.of())
          .withDescription(
              "Further properties of every Kafka client, such as security.protocol and sasl.jaas.config.");

  public static final ConfigOption<String> TOPICS_REQUESTS =
      ConfigOptions.key("topics.requests")
          .stringType()
          .defaultValue("millrace.requests")
          .withDescription("Topic of the requests; keyed by conversation id.");

  public static final ConfigOption<String> TOPICS_COMPLETIONS =
      ConfigOptions.key("topics.completions")
          .stringType()
          .defaultValue("millrace.completions")
          .withDescription("Topic of the answers, written exactly once.");

  public static final ConfigOption<String> TOPICS_CHUNKS =
      ConfigOptions.key("topics.chunks")
          .stringType()
          .defaultValue("millrace.chunks")
          .withDescription(
              "Topic of the answers' pieces as they are generated, written at least once.");

  public static final ConfigOption<String> TOPICS_DEAD_LETTERS =
      ConfigOptions.key("topics.dead-letters")
          .stringType()
          .defaultValue("millrace.dead-letters")
          .withDescription(
              "Topic of records that could not be answered, with their bytes, written exactly once.");

  public static final ConfigOption<String> TOPICS_DOCUMENTS =
      ConfigOptions.key("topics.documents")
          .stringType()
          .defaultValue("millrace.documents")
          .withDescription("Topic of the documents to summarise; keyed by document id.");

  public static final ConfigOption<String> TOPICS_SUMMARIES =
      ConfigOptions.key("topics.summaries")
          .stringType()
          .defaultValue("millrace.summaries")
          .withDescription("Topic of the documents' summaries, written exactly once.");

  public static final ConfigOption<Boolean> TOPICS_CREATE =
      ConfigOptions.key("topics.create")
          .booleanType()
          .defaultValue(true)
          .withDescription("Whether to create those topics that are missing at start.");

  public static final ConfigOption<Integer> TOPICS_PARTITIONS =
      ConfigOptions.key("topics.partitions")
          .intType()
          .defaultValue(8)
          .withDescription(
              "Partitions of a topic created at start; the upper bound of the source's useful parallelism.");

  public static final ConfigOption<String> SOURCE_GROUP_ID =
      ConfigOptions.key("source.group-id")
          .stringType()
          .defaultValue("millrace")
          .withDescription(
              "Consumer group. Reading starts at its committed offsets, and at the earliest record where there are none.");

  public static final ConfigOption<Boolean> SOURCE_BOUNDED =
      ConfigOptions.key("source.bounded")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether to stop at the end that the requests topic has at start: an offline batch that finishes by itself.");

  public static final ConfigOption<Duration> SOURCE_IDLENESS =
      ConfigOptions.key("source.idleness")
          .durationType()
          .defaultValue(Duration.ofSeconds(30))
          .withDescription(
              "A partition without records for this long no longer holds back event time.");

  public static final ConfigOption<MemorySize> SOURCE_MAX_REQUEST_SIZE =
      ConfigOptions.key("source.max-request-size")
          .memoryType()
          .defaultValue(new MemorySize(RecordSize.DEFAULT_MAX_REQUEST))
          .withDescription(
              "A longer request, its key included, becomes a dead letter without its bytes. Topics"
                  + " must take records that are 64 kb longer: Kafka's own limit is 1 mb.");

  public static final ConfigOption<String> SOURCE_SCHEMA_DIRECTORY =
      ConfigOptions.key("source.schema-directory")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Directory with other writers' schemas as ID.avsc, for requests in Confluent's framing or of another version; empty where there are none.");

  public static final ConfigOption<String> SINK_TRANSACTIONAL_ID_PREFIX =
      ConfigOptions.key("sink.transactional-id-prefix")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Start of the Kafka transactional ids. Two jobs on one Kafka cluster must not share it, or each would abort the other's answers; empty takes source.group-id and topics.requests, which they do not share either.");

  public static final ConfigOption<Duration> SINK_TRANSACTION_TIMEOUT =
      ConfigOptions.key("sink.transaction-timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(15))
          .withDescription(
              "After this time without a commit the broker aborts a transaction and its answers are lost. Must be above checkpoints.interval plus checkpoints.timeout plus the longest outage, and at most the broker's transaction.max.timeout.ms.");

  public static final ConfigOption<Duration> CHECKPOINTS_INTERVAL =
      ConfigOptions.key("checkpoints.interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription(
              "Time between checkpoints. Answers become visible to read_committed readers at a checkpoint.");

  public static final ConfigOption<Duration> CHECKPOINTS_TIMEOUT =
      ConfigOptions.key("checkpoints.timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(5))
          .withDescription("A checkpoint that takes longer is given up.");

  public static final ConfigOption<Duration> CHECKPOINTS_ALIGNED_TIMEOUT =
      ConfigOptions.key("checkpoints.aligned-timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription(
              "A checkpoint barrier that waits longer than this overtakes the records in front of it.");

  public static final ConfigOption<String> CHECKPOINTS_DIRECTORY =
      ConfigOptions.key("checkpoints.directory")
          .stringType()
          .defaultValue(".millrace/checkpoints")
          .withDescription(
              "Where the job keeps its checkpoints; at start it resumes from the latest one there. One job to a directory. A path, or a URI such as s3://bucket/millrace. Empty leaves both to Flink (execution.checkpointing.dir, flink run --fromSavepoint).");

  public static final ConfigOption<Duration> CONVERSATION_IDLE_TTL =
      ConfigOptions.key("conversation.idle-ttl")
          .durationType()
          .defaultValue(Duration.ofHours(24))
          .withDescription(
              "The history of a conversation without a request for this long is forgotten.");

  public static final ConfigOption<Integer> CONVERSATION_MAX_BUFFERED =
      ConfigOptions.key("conversation.max-buffered")
          .intType()
          .defaultValue(10000)
          .withDescription(
              "Requests held by one parallel operator, running and waiting; above it the source is slowed down. What is not read yet cannot overtake: neither a priority nor a tenant's share counts there.");

  public static final ConfigOption<MemorySize> CONVERSATION_MAX_BUFFERED_SIZE =
      ConfigOptions.key("conversation.max-buffered-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(64))
          .withDescription(
              "Size of these requests' records together; the source is slowed down at whichever bound is reached first. A longer record is held alone. State on the heap keeps each request about twice, as it came and decoded.");

  public static final ConfigOption<Integer> CONVERSATION_REMEMBERED_REQUESTS =
      ConfigOptions.key("conversation.remembered-requests")
          .intType()
          .defaultValue(256)
          .withDescription(
              "How many of its latest request ids a conversation remembers, to answer a repeated request once.");

  public static final ConfigOption<Integer> RETRY_ATTEMPTS =
      ConfigOptions.key("retry.attempts")
          .intType()
          .defaultValue(3)
          .withDescription(
              "How often a turn, or a prompt of a document, that the engine failed on is tried in all before its record becomes a dead letter.");

  public static final ConfigOption<Duration> RETRY_BACKOFF =
      ConfigOptions.key("retry.backoff")
          .durationType()
          .defaultValue(Duration.ofMillis(200))
          .withDescription("Wait before the second attempt; it doubles with each further one.");

  public static final ConfigOption<Double> SAMPLING_TEMPERATURE =
      ConfigOptions.key("sampling.temperature")
          .doubleType()
          .defaultValue(0.7)
          .withDescription(
              "Default temperature of requests that give none; 0 always takes the most likely token.");

  public static final ConfigOption<Integer> SAMPLING_TOP_K =
      ConfigOptions.key("sampling.top-k")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Default for the number of most likely tokens to choose from; 0 is all.");

  public static final ConfigOption<Double> SAMPLING_TOP_P =
      ConfigOptions.key("sampling.top-p")
          .doubleType()
          .defaultValue(0.8)
          .withDescription(
              "Default for the probability that the tokens to choose from reach together; 1 is all.");

  public static final ConfigOption<Double> SAMPLING_MIN_P =
      ConfigOptions.key("sampling.min-p")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Default for the least probability of a token to choose, as a part of the most likely one's; 0 is off.");

  public static final ConfigOption<Double> SAMPLING_REPETITION_PENALTY =
      ConfigOptions.key("sampling.repetition-penalty")
          .doubleType()
          .defaultValue(1.0)
          .withDescription(
              "Default penalty on tokens that the prompt or the answer has already; 1 is off.");

  public static final ConfigOption<Double> SAMPLING_PRESENCE_PENALTY =
      ConfigOptions.key("sampling.presence-penalty")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Default amount taken once from the logit of a token that the answer has already; 0 is off.");

  public static final ConfigOption<Double> SAMPLING_FREQUENCY_PENALTY =
      ConfigOptions.key("sampling.frequency-penalty")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Default amount taken from the logit of a token for each time that the answer has it; 0 is off.");

  public static final ConfigOption<Integer> SAMPLING_MAX_NEW_TOKENS =
      ConfigOptions.key("sampling.max-new-tokens")
          .intType()
          .defaultValue(512)
          .withDescription("Default for the longest answer, in tokens.");

  public static final ConfigOption<Integer> SAMPLING_DRAFT_TOKENS =
      ConfigOptions.key("sampling.draft-tokens")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Default for how many next tokens are guessed from earlier ones and checked in one forward pass: the same answers, sooner where they repeat their prompts. 0 is off, 8 a good value.");

  public static final ConfigOption<Boolean> DOCUMENTS_ENABLED =
      ConfigOptions.key("documents.enabled")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether the job reads the documents topic and summarises what is there.");

  public static final ConfigOption<SummaryStrategy> DOCUMENTS_STRATEGY =
      ConfigOptions.key("documents.strategy")
          .enumType(SummaryStrategy.class)
          .defaultValue(SummaryStrategy.MAP_REDUCE)
          .withDescription(
              "MAP_REDUCE summarises the parts of a document by themselves and then their summaries in groups, until one remains. REFINE takes part after part into one summary: slower, since each waits for the one before.");

  public static final ConfigOption<String> DOCUMENTS_CHUNK_TOKENS =
      ConfigOptions.key("documents.chunk-tokens")
          .stringType()
          .defaultValue("auto")
          .withDescription(
              "Longest part of a document that a prompt reads, and longest text of partial summaries that one combines, in tokens; 0 for all that fits the context beside prompt and answer. auto takes what the prepared model names (400 for the built-in one); otherwise a document that fits is read whole and a longer one in parts of up to 8192.");

  public static final ConfigOption<Integer> DOCUMENTS_OVERLAP_TOKENS =
      ConfigOptions.key("documents.overlap-tokens")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Whole sentences of up to this many tokens at the end of a part that the next part begins with again; at most half a part.");

  public static final ConfigOption<String> DOCUMENTS_MAX_NEW_TOKENS =
      ConfigOptions.key("documents.max-new-tokens")
          .stringType()
          .defaultValue("auto")
          .withDescription(
              "Longest partial summary and longest summary, in tokens, where a document's sampling says nothing. Two must fit one prompt. auto takes what the prepared model names (180 for the built-in one), otherwise an eighth of the context, at most 1024, and less where two would not fit documents.chunk-tokens.");

  public static final ConfigOption<Double> DOCUMENTS_TEMPERATURE =
      ConfigOptions.key("documents.temperature")
          .doubleType()
          .defaultValue(0.0)
          .withDescription("Temperature of summaries where a document's sampling says nothing.");

  public static final ConfigOption<Integer> DOCUMENTS_DRAFT_TOKENS =
      ConfigOptions.key("documents.draft-tokens")
          .intType()
          .defaultValue(8)
          .withDescription(
              "sampling.draft-tokens for summaries, which repeat much of what they read: the same summaries, sooner.");

  public static final ConfigOption<Integer> DOCUMENTS_PRIORITY =
      ConfigOptions.key("documents.priority")
          .intType()
          .defaultValue(-100)
          .withDescription(
              "Is added to the priority of each document: below 0, conversations start first.");

  public static final ConfigOption<Integer> DOCUMENTS_MAX_BUFFERED =
      ConfigOptions.key("documents.max-buffered")
          .intType()
          .defaultValue(32)
          .withDescription(
              "Documents held by one parallel operator; above it the source is slowed down.");

  public static final ConfigOption<MemorySize> DOCUMENTS_MAX_BUFFERED_SIZE =
      ConfigOptions.key("documents.max-buffered-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(64))
          .withDescription(
              "Size of these documents' records together, or of what comes from files, of the texts; the source is slowed down at whichever bound is reached first. A longer document is held alone.");

  public static final ConfigOption<Duration> DOCUMENTS_REMEMBERED_FOR =
      ConfigOptions.key("documents.remembered-for")
          .durationType()
          .defaultValue(Duration.ofHours(24))
          .withDescription(
              "A document that comes again with the same content so long after its summary is ignored.");

  public static final ConfigOption<String> DOCUMENTS_PROMPT_CHUNK_EN =
      prompt("chunk-en", "a part of an English document");

  public static final ConfigOption<String> DOCUMENTS_PROMPT_COMBINE_EN =
      prompt("combine-en", "English partial summaries");

  public static final ConfigOption<String> DOCUMENTS_PROMPT_REFINE_EN =
      prompt("refine-en", "an English summary so far and the next part");

  public static final ConfigOption<String> DOCUMENTS_PROMPT_CHUNK_ZH =
      prompt("chunk-zh", "a part of a Chinese document");

  public static final ConfigOption<String> DOCUMENTS_PROMPT_COMBINE_ZH =
      prompt("combine-zh", "Chinese partial summaries");

  public static final ConfigOption<String> DOCUMENTS_PROMPT_REFINE_ZH =
      prompt("refine-zh", "a Chinese summary so far and the next part");

  public static final ConfigOption<String> JOB_NAME =
      ConfigOptions.key("job.name")
          .stringType()
          .defaultValue("millrace")
          .withDescription("Name of the job in Flink's dashboard.");

  public static final ConfigOption<Integer> JOB_PARALLELISM =
      ConfigOptions.key("job.parallelism")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Parallel instances of each operator; 0 takes Flink's default. All instances in one JVM share one engine.");

  private MillraceOptions() {}

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

  /** All settings in the order of their declaration. */
  public static List<ConfigOption<?>> all() {
    List<ConfigOption<?>> options = new ArrayList<>();
    for (Field field : MillraceOptions.class.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers()) && field.getType() == ConfigOption.class) {
        try {
          options.add((ConfigOption<?>) field.get(null));
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    return options;
  }
}
