package io.millrace.tools.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The launcher, the clusters and the tests run with the same JVM flags. */
class JvmFlagsTest {

  @Test
  void shouldGiveClustersTheFlagsOfTheLauncher() throws Exception {
    String flags = ProjectFiles.yaml("conf/config.yaml").at("/env/java/opts/all").asText();
    assertThat(Arrays.asList(flags.strip().split("\\s+"))).isEqualTo(launcher());
  }

  @Test
  void shouldGiveTestsTheFlagsOfTheLauncher() throws Exception {
    String flags = ProjectFiles.property("millrace.jvm.flags");
    List<String> written =
        Arrays.asList(flags.strip().replaceAll("(--add-\\w+)\\s+", "$1=").split("\\s+"));
    assertThat(written).isEqualTo(launcher());
  }

  private static List<String> launcher() throws Exception {
    return ProjectFiles.read("conf/jvm.flags")
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }
}
