package io.millrace.engine.runtime.onnx;

import io.millrace.engine.runtime.RuntimeFailureException;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/**
 * ONNX Runtime's native libraries, and of the binding's only those that it needs. The binding
 * itself would unpack all that its Java classes name, oneDNN and OpenCL among them, into a
 * directory that every version and process of a user shares, and write over files there that others
 * run.
 */
final class NativeLibraries {
  /** The binding asks it whenever one of its classes is initialised. */
  private static final String BINDING_LOADS = "org.bytedeco.javacpp.loadlibraries";

  private static final String LOADED_ELSEWHERE = "already loaded in another classloader";

  private static final String BINDING = "libjnijavacpp.so";

  /** In the order of their dependencies. */
  private static final List<String> LOADED =
      List.of(BINDING, "libonnxruntime.so.1", "libjnionnxruntime.so");

  /** ONNX Runtime opens them itself, beside its own; the second is in the build for GPUs alone. */
  private static final List<String> OPENED =
      List.of("libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so");

  private static boolean loaded;

  private NativeLibraries() {}

  /**
   * Loads them, once in a process.
   *
   * @throws RuntimeFailureException if that cannot be; the message names the directory and how to
   *     have another
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    System.setProperty(BINDING_LOADS, "false");
    try {
      List<URL> files = files(Loader.getPlatform());
      try {
        load(NativeDirectory.unpack(files));
      } catch (UnsatisfiedLinkError e) {
        if (e.getMessage() == null || !e.getMessage().contains(LOADED_ELSEWHERE)) {
          throw e;
        }
        // A class loader has libraries of its own, and they are told apart by their paths.
        load(NativeDirectory.unpackForThisProcess(files));
      }
    } catch (UnsatisfiedLinkError e) {
      throw failure(e.getMessage() + ": " + NativeDirectory.REMEDY, e);
    } catch (IOException | LinkageError | RuntimeException e) {
      throw failure(e.getMessage(), e);
    }
    loaded = true;
  }

  private static RuntimeFailureException failure(String reason, Throwable e) {
    return new RuntimeFailureException("Cannot load ONNX Runtime's native libraries: " + reason, e);
  }

  private static void load(Path directory) {
    for (String name : LOADED) {
      System.load(directory.resolve(name).toString());
    }
  }

  private static List<URL> files(String platform) throws IOException {
    URL binding = find("javacpp/" + platform + "/" + BINDING);
    String runtime = "onnxruntime/" + platform;
    if (find(runtime + "/" + LOADED.get(1)) == null) {
      runtime += "-gpu";
    }
    if (binding == null || find(runtime + "/" + LOADED.get(1)) == null) {
      throw new IOException(
          "the class path has none for " + platform + ": Millrace is built for linux-x86_64");
    }
    List<URL> files = new ArrayList<>();
    files.add(binding);
    for (String name : LOADED.subList(1, LOADED.size())) {
      files.add(find(runtime + "/" + name));
    }
    for (String name : OPENED) {
      URL file = find(runtime + "/" + name);
      if (file != null) {
        files.add(file);
      }
    }
    return files;
  }

  private static URL find(String path) {
    return Loader.class.getResource("/org/bytedeco/" + path);
  }
}
