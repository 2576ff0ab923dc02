package io.millrace.tools;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Dependencies run one way: tools to job to operators to engine, with the schemas under all of
 * them.
 */
@AnalyzeClasses(
    packages = "io.millrace",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {

  /** Tests of other modules are in jars where these are packaged already. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static final String SCHEMAS = "io.millrace.schemas..";
  private static final String ENGINE = "io.millrace.engine..";
  private static final String OPERATORS = "io.millrace.operators..";
  private static final String JOB = "io.millrace.job..";
  private static final String TOOLS = "io.millrace.tools..";
  private static final String FLINK = "org.apache.flink..";
  private static final String KAFKA = "org.apache.kafka..";
  private static final String RUNTIME = "io.millrace.engine.runtime..";

  @ArchTest
  static final ArchRule SCHEMAS_KNOW_NOTHING_OF_OURS =
      noClasses()
          .that()
          .resideInAPackage(SCHEMAS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ENGINE, OPERATORS, JOB, TOOLS, FLINK, KAFKA);

  @ArchTest
  static final ArchRule ENGINE_KNOWS_NO_STREAM =
      noClasses()
          .that()
          .resideInAPackage(ENGINE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SCHEMAS, OPERATORS, JOB, TOOLS, FLINK, KAFKA);

  @ArchTest
  static final ArchRule OPERATORS_DO_NOT_KNOW_THE_JOB =
      noClasses()
          .that()
          .resideInAPackage(OPERATORS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JOB, TOOLS);

  @ArchTest
  static final ArchRule THE_JOB_DOES_NOT_KNOW_THE_TOOLS =
      noClasses()
          .that()
          .resideInAPackage(JOB)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(TOOLS);

  @ArchTest
  static final ArchRule OPERATORS_KNOW_NO_RUNTIME =
      noClasses()
          .that()
          .resideInAPackage(OPERATORS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(RUNTIME);

  @ArchTest
  static final ArchRule ONLY_THE_RUNTIME_KNOWS_THE_BINDING =
      noClasses()
          .that()
          .resideOutsideOfPackage(RUNTIME)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bytedeco..", "ai.onnx..");

  @ArchTest
  static final ArchRule BLOCKS_AND_SCHEDULE_ARE_PLAIN_JAVA =
      classes()
          .that()
          .resideInAnyPackage("io.millrace.engine.kv..", "io.millrace.engine.schedule..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "io.millrace.engine.kv..", "io.millrace.engine.schedule..");

  @ArchTest
  static final ArchRule ONLY_THE_KAFKA_PACKAGE_OF_OPERATORS_KNOWS_KAFKA =
      noClasses()
          .that()
          .resideInAPackage(OPERATORS)
          .and()
          .resideOutsideOfPackage("io.millrace.operators.kafka..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(KAFKA, "org.apache.flink.connector.kafka..");

  @ArchTest
  static final ArchRule WHAT_OPERATORS_SHARE_KNOWS_NO_OPERATOR =
      noClasses()
          .that()
          .resideInAnyPackage("io.millrace.operators.record..", "io.millrace.operators.serving..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.millrace.operators.conversation..",
              "io.millrace.operators.documents..",
              "io.millrace.operators.kafka..");

  @ArchTest
  static final ArchRule CONVERSATIONS_DO_NOT_KNOW_DOCUMENTS =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.operators.conversation..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.millrace.operators.documents..");

  @ArchTest
  static final ArchRule DOCUMENTS_DO_NOT_KNOW_CONVERSATIONS =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.operators.documents..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.millrace.operators.conversation..");
}
