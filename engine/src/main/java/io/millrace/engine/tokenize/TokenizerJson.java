package io.millrace.engine.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.model.TokenizerInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a tokenizer.json with a byte-level BPE. A ranks file merges in the order of ids, so a
 * vocabulary whose merges stand in another order is refused.
 */
final class TokenizerJson {
  private final Path file;
  private final JsonNode root;
  private final JsonNode model;

  private TokenizerJson(Path file) throws IOException {
    this.file = file;
    this.root = new ObjectMapper().readTree(file.toFile());
    this.model = root.path("model");
  }

  static ImportedTokenizer read(Path file) throws IOException {
    return new TokenizerJson(file).convert();
  }

  private ImportedTokenizer convert() throws IOException {
    refuseOtherModels();
    Map<String, Integer> control = new LinkedHashMap<>();
    Set<String> visible = new LinkedHashSet<>();
    for (JsonNode token : root.path("added_tokens")) {
      control.put(token.path("content").asText(), token.path("id").asInt());
      if (!token.path("special").asBoolean()) {
        visible.add(token.path("content").asText());
      }
    }
    refuseOtherMergeOrder(control);

    SortedMap<Integer, byte[]> tokens = new TreeMap<>();
    int size = 0;
    for (var entry : model.path("vocab").properties()) {
      int id = entry.getValue().asInt();
      size = Math.max(size, id + 1);
      if (!control.containsKey(entry.getKey())) {
        tokens.put(id, bytes(entry.getKey()));
      }
    }
    for (int id : control.values()) {
      size = Math.max(size, id + 1);
    }
    String pattern = PreTokenizer.pattern(root.path("pre_tokenizer"));
    return new ImportedTokenizer(
        tokens,
        new TokenizerInfo(TokenizerFiles.RANKS, normalizer(), pattern, control, size, visible));
  }

  private void refuseOtherModels() throws UnsupportedTokenizerException {
    String type = model.path("type").asText("BPE");
    if (!type.equals("BPE") || !model.path("vocab").isObject()) {
      throw refuse("model.type is " + type + ", only BPE is supported");
    }
    if (model.path("byte_fallback").asBoolean()) {
      throw refuse("model.byte_fallback is set: a SentencePiece vocabulary is not byte-level BPE");
    }
    for (String affix : new String[] {"continuing_subword_prefix", "end_of_word_suffix"}) {
      if (!model.path(affix).asText("").isEmpty() && !model.path(affix).isNull()) {
        throw refuse("model." + affix + " is \"" + model.path(affix).asText() + "\"");
      }
    }
  }

  /** Every longer token must come from a merge, and the merges must give ascending ids. */
  private void refuseOtherMergeOrder(Map<String, Integer> control)
      throws UnsupportedTokenizerException {
    JsonNode vocab = model.path("vocab");
    Set<String> merged = new HashSet<>();
    int last = -1;
    for (JsonNode merge : model.path("merges")) {
      String text =
          merge.isArray() ? merge.get(0).asText() + " " + merge.get(1).asText() : merge.asText();
      String token = text.replace(" ", "");
      int id = vocab.path(token).asInt(-1);
      if (id < last) {
        throw refuse(
            "merge \""
                + text
                + "\" gives id "
                + id
                + " after a merge that gave id "
                + last
                + ": its merges are not in the order of ids, a ranks file would give other ids");
      }
      last = id;
      merged.add(token);
    }
    for (var entry : vocab.properties()) {
      String token = entry.getKey();
      if (token.length() > 1 && !merged.contains(token) && !control.containsKey(token)) {
        throw refuse(
            "token \""
                + token
                + "\" (id "
                + entry.getValue()
                + ") comes from no merge: a ranks"
                + " file would use it all the same");
      }
    }
  }

  private byte[] bytes(String token) throws UnsupportedTokenizerException {
    byte[] bytes = ByteLevelAlphabet.bytes(token);
    if (bytes == null) {
      throw refuse("token \"" + token + "\" has characters outside the byte-level alphabet");
    }
    return bytes;
  }

  private String normalizer() throws UnsupportedTokenizerException {
    JsonNode normalizer = root.path("normalizer");
    String type = normalizer.path("type").asText();
    JsonNode steps = normalizer.path("normalizers");
    if (normalizer.isNull()
        || normalizer.isMissingNode()
        || (type.equals("Sequence") && steps.isEmpty())) {
      return TokenizerFiles.NO_NORMALIZER;
    }
    if (type.equals("Sequence") && steps.size() == 1) {
      type = steps.get(0).path("type").asText();
    }
    if (type.equals("NFC")) {
      return TokenizerFiles.NFC;
    }
    throw refuse("normalizer " + normalizer + " is not supported, only NFC or none");
  }

  private UnsupportedTokenizerException refuse(String why) {
    return new UnsupportedTokenizerException(file + ": " + why);
  }
}
