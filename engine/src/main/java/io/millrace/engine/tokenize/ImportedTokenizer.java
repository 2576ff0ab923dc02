package io.millrace.engine.tokenize;

import io.millrace.engine.model.TokenizerInfo;
import java.util.SortedMap;

/** A tokenizer read from a checkpoint: the tokens of the ranks file and the rest. */
record ImportedTokenizer(SortedMap<Integer, byte[]> tokens, TokenizerInfo info) {}
