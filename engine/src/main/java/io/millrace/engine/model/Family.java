package io.millrace.engine.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The model families that can be prepared. */
public enum Family {
  /** Qwen-7B-Chat and its siblings of 2023. */
  @JsonProperty("qwen")
  QWEN,
  /** Qwen1.5, Qwen2 and Qwen2.5. */
  @JsonProperty("qwen2")
  QWEN2,
  @JsonProperty("qwen3")
  QWEN3,
  /** Llama and models of its shape: SmolLM2, TinyLlama. */
  @JsonProperty("llama")
  LLAMA
}
