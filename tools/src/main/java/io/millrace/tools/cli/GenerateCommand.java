package io.millrace.tools.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.Engine;
import io.millrace.engine.GenerationFuture;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.chat.Prompt;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.tools.cli.options.EngineArguments;
import io.millrace.tools.cli.options.SamplingArguments;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace generate}: one answer without Kafka and Flink. */
@Command(
    name = "generate",
    description = {
      "Answers one conversation or continues one text, without Kafka and Flink.",
      "The text streams to standard output; with --json one JSON object is printed at the end."
    })
final class GenerateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private EngineArguments engineArguments;

  @Mixin private SamplingArguments samplingArguments;

  @ArgGroup(multiplicity = "1")
  private Input input;

  @Option(names = "--json", description = "Print one JSON object instead of the text.")
  private boolean json;

  /** What to answer. */
  static final class Input {
    @Option(
        names = "--chat",
        paramLabel = "FILE",
        description = "A JSON array of messages: [{\"role\": \"user\", \"content\": \"Hello\"}].")
    private Path chat;

    @Option(
        names = "--message",
        paramLabel = "TEXT",
        description = "What the user says in a new conversation.")
    private String message;

    @Option(
        names = "--prompt",
        paramLabel = "TEXT",
        description = "A text to continue as it stands, without a chat format.")
    private String prompt;

    /** The conversation to answer; null where a text is to be continued. */
    private ChatFile conversation() throws IOException {
      if (chat != null) {
        return ChatFile.read(chat);
      }
      return message == null ? null : ChatFile.of(message);
    }
  }

  @Override
  public Integer call() throws Exception {
    ChatFile chat = input.conversation();
    try (Engine engine = engineArguments.open()) {
      SamplingParameters sampling = samplingArguments.parameters(engine.maxSequenceLength());
      int room = engine.maxSequenceLength() - sampling.maxNewTokens();
      if (room < 1) {
        throw new IllegalArgumentException(
            "--max-new-tokens is %d, but prompt and answer together have room for %d: lower it or"
                    .formatted(sampling.maxNewTokens(), engine.maxSequenceLength())
                + " raise --kv-cache-size");
      }
      Prompt prompt =
          chat == null
              ? new Prompt(engine.tokenizer().encode(input.prompt), 0)
              : chat.prompt(engine.chatFormat(), room);
      GenerationResult result = generate(engine, prompt.ids(), sampling);
      print(engine, prompt, result);
    }
    return 0;
  }

  private GenerationResult generate(Engine engine, int[] prompt, SamplingParameters sampling)
      throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    GenerationFuture answer =
        new GenerationFuture(
            text -> {
              if (!json) {
                out.print(text);
                out.flush();
              }
            });
    engine.submit(new GenerationRequest("generate", prompt, sampling, 0, 0), answer);
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IOException("the generation failed: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private void print(Engine engine, Prompt prompt, GenerationResult result) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      GenerationJson object =
          GenerationJson.of(
              result,
              prompt.droppedTurns(),
              engine.manifest().name(),
              engine.manifest().fingerprint());
      out.println(new ObjectMapper().writeValueAsString(object));
    } else {
      out.println();
    }
    out.flush();
  }
}
