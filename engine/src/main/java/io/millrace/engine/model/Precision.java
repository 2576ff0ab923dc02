package io.millrace.engine.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Number format of the linear layers' weights. */
public enum Precision {
  /** 32-bit floating point: the reference. */
  @JsonProperty("fp32")
  FP32,
  /** 8-bit weights with one scale per output channel, 8-bit activations with one scale per row. */
  @JsonProperty("int8")
  INT8,
  /**
   * 4-bit weights with one scale per 32 of an output channel: half the memory of int8, slower where
   * many rows are multiplied. Embedding and head stay in 8 bits.
   */
  @JsonProperty("int4")
  INT4
}
