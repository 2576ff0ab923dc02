package io.millrace.engine;

/** The natural log-probability of a token id under the model, before penalties and temperature. */
public record TokenLogprob(int id, float logprob) {}
