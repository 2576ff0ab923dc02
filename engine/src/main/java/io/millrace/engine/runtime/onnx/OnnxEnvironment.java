package io.millrace.engine.runtime.onnx;

import static org.bytedeco.onnxruntime.global.onnxruntime.ORT_LOGGING_LEVEL_WARNING;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.onnxruntime.Env;

/**
 * The process's one ONNX Runtime environment. It has no threads of its own: whoever runs a session
 * does the work. It lives from the first runtime opened to the last one closed.
 */
public final class OnnxEnvironment implements AutoCloseable {
  private static OnnxEnvironment open;

  private final Env env = new Env(ORT_LOGGING_LEVEL_WARNING, "millrace");
  private final ProductTraits traits;
  private int users = 1;

  private OnnxEnvironment() {
    try {
      traits = ProductTraits.probe(this);
    } catch (RuntimeException | Error e) {
      env.close();
      throw e;
    }
  }

  /** Opens the environment, or shares the one that is open; close it once per call. */
  public static synchronized OnnxEnvironment acquire() {
    if (open == null) {
      loadLibrary();
      open = new OnnxEnvironment();
      return open;
    }
    open.users++;
    return open;
  }

  private static void loadLibrary() {
    // The weights are packed natively: the binding's limits, which count the whole process
    // against the Java heap's size, would refuse large models.
    setDefault("org.bytedeco.javacpp.maxBytes");
    setDefault("org.bytedeco.javacpp.maxPhysicalBytes");
    NativeLibraries.load();
  }

  private static void setDefault(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, "0");
    }
  }

  /** Gives memory that was only needed while weights were packed back to the system. */
  public void trimMemory() {
    Pointer.trimMemory();
  }

  Env env() {
    return env;
  }

  ProductTraits traits() {
    return traits;
  }

  @Override
  public void close() {
    synchronized (OnnxEnvironment.class) {
      if (--users == 0) {
        env.close();
        open = null;
      }
    }
  }
}
