package io.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** conf/millrace.yaml and docs/operations.md say what {@link MillraceOptions} says. */
class OptionsTest {

  private static final Path YAML = Path.of("../conf/millrace.yaml");
  private static final Path DOCS = Path.of("../docs/operations.md");
  private static final Pattern TABLE =
      Pattern.compile("(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", Pattern.DOTALL);
  private static final boolean UPDATE = Boolean.getBoolean("millrace.update");

  @Test
  void shouldSetEveryKeyToItsDefaultInTheFile() throws Exception {
    Map<String, String> file = YamlKeys.read(Files.readString(YAML));
    Configuration values = Configuration.fromMap(file);
    for (ConfigOption<?> option : MillraceOptions.all()) {
      if (option != MillraceOptions.KAFKA_PROPERTIES) {
        assertThat(file).containsKey(option.key());
      }
      assertThat(values.get(option)).as(option.key()).isEqualTo(option.defaultValue());
      file.remove(option.key());
    }
    assertThat(file).as("keys that MillraceOptions does not have").isEmpty();
  }

  @Test
  void shouldDescribeEveryKeyInTheFile() throws Exception {
    String expected = OptionsRenderer.yaml(MillraceOptions.all());
    if (UPDATE) {
      Files.writeString(YAML, expected);
    }
    assertThat(Files.readString(YAML)).isEqualTo(expected);
  }

  @Test
  void shouldListEveryKeyInTheDocumentation() throws Exception {
    String expected = OptionsRenderer.table(MillraceOptions.all());
    String page = Files.readString(DOCS);
    Matcher table = TABLE.matcher(page);
    assertThat(table.find()).as("markers of the table in " + DOCS).isTrue();
    if (UPDATE) {
      page = table.replaceFirst(Matcher.quoteReplacement(expected));
      Files.writeString(DOCS, page);
    }
    assertThat(page).contains("<!-- settings -->\n" + expected + "<!-- /settings -->");
  }

  @Test
  void shouldHaveUniqueKeysInSections() {
    assertThat(MillraceOptions.all()).extracting(ConfigOption::key).doesNotHaveDuplicates();
    assertThat(MillraceOptions.all())
        .allSatisfy(option -> assertThat(option.key()).matches("[a-z]+\\.[a-z-]+"));
  }

  @Test
  void shouldHaveADefaultForEveryKey() {
    assertThat(MillraceOptions.all()).allMatch(ConfigOption::hasDefaultValue);
    assertThatThrownBy(() -> MillraceConfig.of(Map.of("engine.thread", "1")))
        .hasMessageContaining("unknown setting engine.thread; did you mean engine.threads?");
  }
}
