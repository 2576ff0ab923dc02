package io.millrace.operators.serving;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** The job's first attempt has no engine: another would have none either, so the job fails. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class EngineUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  EngineUnavailableException(Throwable cause) {
    super("the engine cannot be opened: " + cause.getMessage(), cause);
  }
}
