package io.millrace.tools.cli;

import picocli.CommandLine.IVersionProvider;

/** The version from the jar's manifest. */
final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = VersionProvider.class.getPackage().getImplementationVersion();
    return new String[] {
      "millrace " + (version == null ? "(not packaged)" : version),
      "java " + Runtime.version() + ", " + System.getProperty("os.arch")
    };
  }
}
