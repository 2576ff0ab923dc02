package io.millrace.engine.runtime.kernel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the JVM was started with the incubating Vector API. */
final class VectorModule {
  private static final Logger LOG = LoggerFactory.getLogger(VectorModule.class);
  private static final String MODULE = "jdk.incubator.vector";

  private VectorModule() {}

  /** Asked once, when the kernels are loaded: a missing module is logged with the flag to add. */
  static boolean present() {
    boolean present = ModuleLayer.boot().findModule(MODULE).isPresent();
    if (!present) {
      LOG.warn(
          "The JVM lacks the module {}: the scalar kernels are several times slower. Start it with"
              + " --add-modules {} -Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
          MODULE,
          MODULE);
    }
    return present;
  }
}
