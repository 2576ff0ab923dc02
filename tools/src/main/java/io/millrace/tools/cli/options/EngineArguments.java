package io.millrace.tools.cli.options;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.Engines;
import io.millrace.engine.runtime.KvType;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.configuration.MemorySize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options of every command that runs a model itself. */
public final class EngineArguments {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The prepared model's directory.")
  private Path model;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads of the model's maths; 0, the default, takes the machine's cores.")
  private int threads;

  @Option(
      names = "--kv-cache-size",
      paramLabel = "SIZE",
      defaultValue = "256 mb",
      converter = SizeConverter.class,
      description = "Memory for the KV cache; it bounds prompt and answer. Default 256 mb.")
  private MemorySize kvCacheSize;

  @Option(
      names = "--kv-type",
      paramLabel = "TYPE",
      defaultValue = "FP32",
      description =
          "Number format of the KV cache, fp32 or bf16: bf16 takes half the memory and rounds. Default fp32.")
  private KvType kvType;

  public Engine open() throws IOException {
    return open(EngineOptions.defaults(model.toString()).maxRunning());
  }

  /** Opens an engine that runs at most so many sequences at one time. */
  public Engine open(int maxRunning) throws IOException {
    EngineOptions defaults = EngineOptions.defaults(model.toString());
    return Engines.open(
        new EngineOptions(
            defaults.modelDirectory(),
            threads,
            maxRunning,
            defaults.maxBatchTokens(),
            defaults.minPrefillTokens(),
            kvCacheSize.getBytes(),
            kvType,
            defaults.maxSequenceLength(),
            defaults.spin(),
            defaults.drafting()));
  }

  /** Reads sizes as conf/millrace.yaml has them: 256 mb, 2g. */
  static final class SizeConverter implements ITypeConverter<MemorySize> {
    @Override
    public MemorySize convert(String value) {
      return MemorySize.parse(value);
    }
  }
}
