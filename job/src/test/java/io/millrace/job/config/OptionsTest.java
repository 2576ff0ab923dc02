package io.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** conf/millrace.yaml and docs/settings.md say what {@link AllSettings} says. */
class OptionsTest {

  private static final Path YAML = Path.of("../conf/millrace.yaml");
  private static final Path DOCS = Path.of("../docs/settings.md");
  private static final Pattern TABLE =
      Pattern.compile("(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", Pattern.DOTALL);
  private static final boolean UPDATE = Boolean.getBoolean("millrace.update");

  @Test
  void shouldSetEveryKeyToItsDefaultInTheFile() throws Exception {
    Map<String, String> file = YamlKeys.read(Files.readString(YAML));
    Configuration values = Configuration.fromMap(file);
    for (ConfigOption<?> option : AllSettings.all()) {
      if (option != KafkaSettings.PROPERTIES) {
        assertThat(file).containsKey(option.key());
      }
      assertThat(values.get(option)).as(option.key()).isEqualTo(option.defaultValue());
      file.remove(option.key());
    }
    assertThat(file).as("keys that are no settings").isEmpty();
  }

  @Test
  void shouldDescribeEveryKeyInTheFile() throws Exception {
    String expected = OptionsRenderer.yaml(AllSettings.all());
    if (UPDATE) {
      Files.writeString(YAML, expected);
    }
    assertThat(Files.readString(YAML)).isEqualTo(expected);
  }

  @Test
  void shouldListEveryKeyInTheDocumentation() throws Exception {
    String expected = OptionsRenderer.table(AllSettings.all());
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
    assertThat(AllSettings.all()).extracting(ConfigOption::key).doesNotHaveDuplicates();
    assertThat(AllSettings.all())
        .allSatisfy(option -> assertThat(option.key()).matches("[a-z]+\\.[a-z-]+"));
  }

  @Test
  void shouldHaveADefaultForEveryKey() {
    assertThat(AllSettings.all()).allMatch(ConfigOption::hasDefaultValue);
    assertThatThrownBy(() -> MillraceConfig.of(Map.of("engine.thread", "1")))
        .hasMessageContaining("unknown setting engine.thread; did you mean engine.threads?");
  }

  /** A setting that were in no list would be in no file, in no table, and never be checked. */
  @Test
  void shouldKnowEveryOptionThatAClassOfTheJobDeclares() throws Exception {
    List<ConfigOption<?>> declared = new ArrayList<>();
    for (JavaClass type :
        new ClassFileImporter(List.of(new DoNotIncludeTests())).importPackages("io.millrace.job")) {
      for (Field field : type.reflect().getDeclaredFields()) {
        if (ConfigOption.class.isAssignableFrom(field.getType())) {
          assertThat(Modifier.isStatic(field.getModifiers())).as("static: %s", field).isTrue();
          field.setAccessible(true);
          declared.add((ConfigOption<?>) field.get(null));
        }
      }
    }
    assertThat(AllSettings.all()).containsExactlyInAnyOrderElementsOf(declared);
    String yaml = OptionsRenderer.yaml(AllSettings.all());
    String table = OptionsRenderer.table(AllSettings.all());
    assertThat(declared)
        .isNotEmpty()
        .allSatisfy(
            option -> {
              assertThat(table).contains("| `" + option.key() + "` |");
              assertThat(yaml)
                  .contains("\n  " + option.key().substring(option.key().indexOf('.') + 1) + ": ");
            });
  }

  /** One section of the file is one block: YAML would not take a key twice. */
  @Test
  void shouldKeepTheKeysOfASectionTogether() {
    List<String> sections =
        AllSettings.all().stream()
            .map(option -> option.key().substring(0, option.key().indexOf('.')))
            .toList();
    List<String> changes = new ArrayList<>();
    for (String section : sections) {
      if (changes.isEmpty() || !changes.get(changes.size() - 1).equals(section)) {
        changes.add(section);
      }
    }
    assertThat(changes).doesNotHaveDuplicates();
  }
}
