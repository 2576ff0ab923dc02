package io.millrace.tools;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Dependencies run one way: tools to job to operators to engine, with the schemas under operators
 * and above; and inside each module from package to package without a cycle.
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
  private static final String CPU = "io.millrace.engine.runtime.cpu..";
  private static final String PREPARE = "io.millrace.engine.prepare..";
  private static final String RECORD = "io.millrace.operators.record..";
  private static final String SERVING = "io.millrace.operators.serving..";
  private static final String CONVERSATION = "io.millrace.operators.conversation..";
  private static final String DOCUMENTS = "io.millrace.operators.documents..";
  private static final String OPERATORS_KAFKA = "io.millrace.operators.kafka..";

  @ArchTest
  static final ArchRule PACKAGES_ARE_FREE_OF_CYCLES =
      slices().matching("io.millrace.(**)").should().beFreeOfCycles();

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

  /** What opens runtimes is the one place that names a device. */
  @ArchTest
  static final ArchRule ONLY_WHAT_OPENS_RUNTIMES_KNOWS_THE_CPU =
      classes()
          .that()
          .resideInAPackage(CPU)
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAnyPackage(CPU, "io.millrace.engine.runtime.device..");

  /** What runs models takes them as prepared; how they are made is a matter of the tools. */
  @ArchTest
  static final ArchRule ONLY_TOOLS_PREPARE_MODELS =
      classes()
          .that()
          .resideInAPackage(PREPARE)
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAnyPackage(PREPARE, TOOLS);

  @ArchTest
  static final ArchRule BLOCKS_AND_SCHEDULE_ARE_PLAIN_JAVA =
      classes()
          .that()
          .resideInAnyPackage("io.millrace.engine.kv..", "io.millrace.engine.schedule..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "io.millrace.engine.kv..", "io.millrace.engine.schedule..");

  @ArchTest
  static final ArchRule SAMPLING_IS_PLAIN_JAVA =
      classes()
          .that()
          .resideInAPackage("io.millrace.engine.sample..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "io.millrace.engine.sample..");

  @ArchTest
  static final ArchRule KERNELS_KNOW_NO_MODEL =
      classes()
          .that()
          .resideInAPackage("io.millrace.engine.runtime.kernel..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "jdk.incubator.vector..",
              "org.slf4j..",
              "io.millrace.engine.runtime.kernel..");

  @ArchTest
  static final ArchRule ONLY_THE_KAFKA_PACKAGE_OF_OPERATORS_KNOWS_KAFKA =
      noClasses()
          .that()
          .resideInAPackage(OPERATORS)
          .and()
          .resideOutsideOfPackage(OPERATORS_KAFKA)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(KAFKA, "org.apache.flink.connector.kafka..");

  @ArchTest
  static final ArchRule WHAT_OPERATORS_SHARE_KNOWS_NO_OPERATOR =
      noClasses()
          .that()
          .resideInAnyPackage(RECORD, SERVING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CONVERSATION, DOCUMENTS, OPERATORS_KAFKA);

  @ArchTest
  static final ArchRule RECORDS_DO_NOT_KNOW_WHO_SERVES_THEM =
      noClasses()
          .that()
          .resideInAPackage(RECORD)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(SERVING);

  @ArchTest
  static final ArchRule ONLY_THE_JOB_AND_THE_TOOLS_KNOW_THE_OPERATORS_KAFKA =
      classes()
          .that()
          .resideInAPackage(OPERATORS_KAFKA)
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAnyPackage(OPERATORS_KAFKA, JOB, TOOLS);

  @ArchTest
  static final ArchRule CONVERSATIONS_DO_NOT_KNOW_DOCUMENTS =
      noClasses()
          .that()
          .resideInAPackage(CONVERSATION)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(DOCUMENTS);

  @ArchTest
  static final ArchRule DOCUMENTS_DO_NOT_KNOW_CONVERSATIONS =
      noClasses()
          .that()
          .resideInAPackage(DOCUMENTS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(CONVERSATION);

  /** Commands call what does the work; nothing that does the work calls a command. */
  @ArchTest
  static final ArchRule NOTHING_KNOWS_THE_COMMANDS =
      classes()
          .that()
          .resideInAPackage("io.millrace.tools.cli..")
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAPackage("io.millrace.tools.cli..");
}
