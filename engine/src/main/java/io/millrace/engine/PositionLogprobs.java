package io.millrace.engine;

import java.util.List;

/**
 * Log-probabilities at one generated position.
 *
 * @param chosen the token that was generated
 * @param top the most likely tokens, best first; empty unless asked for
 * @param named the tokens that the request named, in its order; empty unless asked for
 */
public record PositionLogprobs(
    TokenLogprob chosen, List<TokenLogprob> top, List<TokenLogprob> named) {}
