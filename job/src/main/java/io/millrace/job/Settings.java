package io.millrace.job;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option that replaces single settings of conf/millrace.yaml. */
public final class Settings {

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Replaces one setting, such as --set engine.threads=4; may be repeated.")
  private final Map<String, String> values = new LinkedHashMap<>();

  public Map<String, String> values() {
    return values;
  }
}
