package io.millrace.tools.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.assembly.PromptLogits;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.tokenize.Tokenizer;
import io.millrace.engine.tokenize.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace logits}: the best next tokens after a prompt of token ids. */
@Command(
    name = "logits",
    description = {
      "Prints the largest logits after a prompt of token ids, best first.",
      "Logits are the model's own: no temperature, no penalty."
    })
final class LogitsCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The prepared model.")
  private Path model;

  @Option(
      names = "--tokens",
      required = true,
      split = ",",
      paramLabel = "IDS",
      description = "The prompt's token ids, separated by commas.")
  private int[] tokens;

  @Option(
      names = "--top",
      defaultValue = "10",
      paramLabel = "N",
      description = "How many tokens to print (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "N",
      description = "Threads of the model's maths; 0 takes all cores.")
  private int threads;

  @Option(
      names = "--kv-type",
      paramLabel = "TYPE",
      defaultValue = "FP32",
      description =
          "Number format of the KV cache, fp32 or bf16: bf16 takes half the memory and rounds. Default fp32.")
  private KvType kvType;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * One candidate.
   *
   * @param text null where the model has no tokenizer
   */
  record Candidate(int id, float logit, double logprob, String text) {}

  /** The answer as JSON. */
  record Answer(String model, String fingerprint, int promptTokens, List<Candidate> top) {}

  @Override
  public Integer call() throws IOException {
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top is " + top + ": use 1 or more");
    }
    PreparedModel prepared = PreparedModel.open(model);
    float[] logits = PromptLogits.of(prepared, tokens, threads, kvType);
    Answer answer =
        new Answer(
            prepared.manifest().name(),
            prepared.manifest().fingerprint(),
            tokens.length,
            best(logits, prepared));
    print(answer);
    return 0;
  }

  private List<Candidate> best(float[] logits, PreparedModel prepared) throws IOException {
    // Padding ids have logits too, but are no answer.
    int vocabulary = prepared.manifest().tokenizer().vocabularySize();
    boolean readable = prepared.manifest().tokenizer().file() != null;
    Tokenizer tokenizer = readable ? Tokenizers.open(model, prepared.manifest()) : null;
    double total = logSumExp(logits, vocabulary);
    return IntStream.range(0, vocabulary)
        .boxed()
        .sorted(Comparator.comparingDouble(id -> -logits[id]))
        .limit(top)
        .map(
            id ->
                new Candidate(
                    id,
                    logits[id],
                    logits[id] - total,
                    tokenizer == null ? null : tokenizer.decode(new int[] {id})))
        .toList();
  }

  private static double logSumExp(float[] logits, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.exp(logits[i] - max);
    }
    return max + Math.log(sum);
  }

  private void print(Answer answer) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(answer));
    } else {
      out.printf("%8s  %10s  %10s  %s%n", "id", "logit", "logprob", "text");
      for (Candidate c : answer.top()) {
        String text = c.text() == null ? "" : JSON.writeValueAsString(c.text());
        out.printf("%8d  %10.4f  %10.4f  %s%n", c.id(), c.logit(), c.logprob(), text);
      }
    }
    out.flush();
  }
}
