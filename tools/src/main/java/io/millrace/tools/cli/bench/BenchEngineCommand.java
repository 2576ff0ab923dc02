package io.millrace.tools.cli.bench;

import io.millrace.engine.runtime.KvType;
import io.millrace.tools.bench.BenchJson;
import io.millrace.tools.bench.BenchPlan;
import io.millrace.tools.bench.BenchResult;
import io.millrace.tools.bench.BenchTable;
import io.millrace.tools.bench.EngineBench;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace bench engine}: tokens per second, where a step's time goes, peak memory. */
@Command(
    name = "engine",
    description = {
      "Measures prefill and decoding without Kafka and Flink, and what this machine could do at best.",
      "Prefill computes random prompts. Decoding starts behind prompts whose keys and values are"
          + " random numbers instead of computed ones: the time of a step does not depend on them."
    })
final class BenchEngineCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The prepared model's directory; see millrace model random.")
  private Path model;

  @Option(
      names = "--sequences",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,16",
      description = "How many sequences decode together (default: ${DEFAULT-VALUE}).")
  private List<Integer> sequences;

  @Option(
      names = "--context",
      split = ",",
      paramLabel = "N",
      defaultValue = "256,1024",
      description = "Tokens of each prompt (default: ${DEFAULT-VALUE}).")
  private List<Integer> contexts;

  @Option(
      names = "--new-tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "Tokens that each sequence decodes (default: ${DEFAULT-VALUE}).")
  private int newTokens;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs that count, after a warm-up; the median is shown (default: 3).")
  private int runs;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads of the model's maths; 0, the default, takes the machine's cores.")
  private int threads;

  @Option(names = "--spin", description = "Let idle threads of the model's maths spin.")
  private boolean spin;

  @Option(
      names = "--kv-type",
      paramLabel = "TYPE",
      defaultValue = "FP32",
      description = "Number format of the KV cache, fp32 (the default) or bf16.")
  private KvType kvType;

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      defaultValue = "512",
      description = "Tokens of a step at most: the size of a prefill chunk (default: 512).")
  private int batchTokens;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(names = "--markdown", description = "Print tables in Markdown.")
  private boolean markdown;

  @Override
  public Integer call() throws Exception {
    if (json && markdown) {
      throw new ParameterException(
          spec.commandLine(), "--json and --markdown exclude each other: name one");
    }
    PrintWriter err = spec.commandLine().getErr();
    BenchPlan plan =
        new BenchPlan(
            model, sequences, contexts, newTokens, runs, threads, spin, kvType, batchTokens);
    BenchResult result =
        EngineBench.run(
            plan,
            line -> {
              err.println(line + " ...");
              err.flush();
            });
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? BenchJson.of(result) : BenchTable.of(result, markdown));
    out.flush();
    return 0;
  }
}
