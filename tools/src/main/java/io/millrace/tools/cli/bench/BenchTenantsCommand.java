package io.millrace.tools.cli.bench;

import io.millrace.engine.Engine;
import io.millrace.tools.bench.TenantBench;
import io.millrace.tools.cli.options.EngineArguments;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace bench tenants}: what one tenant's flood costs another. */
@Command(
    name = "tenants",
    description = {
      "Measures what one tenant's flood costs another.",
      "The time until the first token of a tenant's requests, alone and beside a tenant that always"
          + " has many requests waiting."
    })
final class BenchTenantsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private EngineArguments engineArguments;

  @Option(
      names = "--prompt",
      paramLabel = "N[,N...]",
      split = ",",
      defaultValue = "50,200",
      description = "Tokens of the tenant's prompts (default: ${DEFAULT-VALUE}).")
  private List<Integer> prompts;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "31",
      description =
          "Its requests, one after the other; the median is shown (default: ${DEFAULT-VALUE}).")
  private int requests;

  @Option(
      names = "--running",
      paramLabel = "N",
      defaultValue = "16",
      description = "Sequences that run at one time (default: ${DEFAULT-VALUE}).")
  private int running;

  @Option(
      names = "--flood",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "The other's requests that wait or run at any time (default: ${DEFAULT-VALUE}).")
  private int flood;

  @Option(
      names = "--flood-prompt",
      paramLabel = "N",
      defaultValue = "300",
      description = "Tokens of their prompts (default: ${DEFAULT-VALUE}).")
  private int floodPrompt;

  @Option(
      names = "--flood-answer",
      paramLabel = "N",
      defaultValue = "50",
      description = "Tokens of their answers (default: ${DEFAULT-VALUE}).")
  private int floodAnswer;

  @Override
  public Integer call() throws IOException {
    try (Engine engine = engineArguments.open(running)) {
      TenantBench bench = new TenantBench(engine);
      for (int prompt : prompts) {
        TenantBench.FirstToken time =
            bench.firstToken(
                prompt, requests, new TenantBench.Flood(flood, floodPrompt, floodAnswer));
        spec.commandLine()
            .getOut()
            .printf(
                "First token of a prompt of %d tokens: %.1f ms alone, %.1f ms beside the flood, %.2f times.%n",
                prompt, time.alone(), time.beside(), time.ratio())
            .flush();
      }
    }
    return 0;
  }
}
