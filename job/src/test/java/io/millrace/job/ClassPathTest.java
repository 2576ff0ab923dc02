package io.millrace.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The job is what a cluster runs: nothing of the tools, and nothing that only they need. */
@AnalyzeClasses(packages = "io.millrace.job", importOptions = DoNotIncludeTests.class)
class ClassPathTest {

  @ArchTest
  static final ArchRule THE_JOB_NEEDS_NO_TOOLS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.millrace.tools..", "org.jsoup..", "org.apache.pdfbox..", "kafka..");

  /** A dependency that nothing uses would be in the deployed jar all the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.millrace.tools.cli.MillraceCli",
        "org.jsoup.Jsoup",
        "org.apache.pdfbox.Loader",
        "kafka.server.KafkaRaftServer"
      })
  void shouldHaveNoneOfTheToolsDependencies(String type) {
    assertThatThrownBy(() -> Class.forName(type)).isInstanceOf(ClassNotFoundException.class);
  }
}
