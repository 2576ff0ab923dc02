package io.millrace.engine.sample;

/** The model gave a logit that is not a finite number: no token can be chosen from such a row. */
public final class BadLogitsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadLogitsException(int id, float value) {
    super(
        "the model's logit of token "
            + id
            + " is "
            + value
            + ": the weights or their quantisation are broken, build the model again");
  }
}
