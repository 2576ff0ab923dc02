package io.millrace.tools.cli;

import io.millrace.job.JobOptions;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.TopicSettings;
import io.millrace.job.kafka.KafkaChecks;
import io.millrace.tools.console.WaitingNote;
import io.millrace.tools.files.RequestFile;
import io.millrace.tools.kafka.RequestWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace send}: requests from a file to Kafka. */
@Command(
    name = "send",
    description =
        "Sends the requests of a file, one JSON object a line (docs/formats.md), to Kafka.")
final class SendCommand implements Callable<Integer> {

  private static final String STANDARD_INPUT = "-";

  @Spec private CommandSpec spec;
  @Mixin private JobOptions job;

  @Parameters(paramLabel = "FILE.jsonl", description = "The file; - reads standard input.")
  private String file;

  @Override
  public Integer call() throws IOException {
    MillraceConfig config = job.config();
    List<RequestFile.Line> lines;
    try {
      lines = read();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + "; nothing was sent", e);
    }
    try (WaitingNote note = WaitingNote.forKafka(spec.commandLine().getErr(), config)) {
      KafkaChecks.check(config);
    }
    try (RequestWriter writer = new RequestWriter(config)) {
      lines.forEach(line -> writer.send(line.request()));
      writer.flush();
    }
    spec.commandLine()
        .getOut()
        .printf(
            "Sent %d requests to topic %s at %s%n",
            lines.size(),
            config.get(TopicSettings.REQUESTS),
            config.get(KafkaSettings.BOOTSTRAP_SERVERS));
    return 0;
  }

  private List<RequestFile.Line> read() throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return RequestFile.read(System.in.readAllBytes(), "standard input");
    }
    return RequestFile.read(Path.of(file));
  }
}
