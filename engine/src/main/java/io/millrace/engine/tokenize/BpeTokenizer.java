package io.millrace.engine.tokenize;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.GptBytePairEncodingParams;
import io.millrace.engine.model.TokenizerInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Byte-level BPE over a ranks file: the tokenizer of Qwen, Llama 3, SmolLM2 and their likes. */
public final class BpeTokenizer implements Tokenizer {
  /** Longer words are not language; merging them takes time that other conversations miss. */
  static final int MAX_RUN_LENGTH = 100_000;

  private static final byte[] NOTHING = {};

  private final Encoding encoding;
  private final Pattern pattern;
  private final boolean nfc;
  private final boolean everyByteHasAToken;
  private final byte[][] bytes;
  private final Map<String, Integer> controlTokens;

  private BpeTokenizer(SortedMap<Integer, byte[]> tokens, Path file, TokenizerInfo info) {
    this.pattern = compile(info.pattern());
    this.nfc = normalizes(info.normalizer());
    this.controlTokens = Map.copyOf(info.controlTokens());
    this.bytes = decodeTable(tokens, file, info);

    Map<byte[], Integer> ranks = new IdentityHashMap<>();
    tokens.forEach((rank, token) -> ranks.put(token, rank));
    this.everyByteHasAToken = !addMissingBytes(tokens, ranks, info.vocabularySize());
    this.encoding =
        Encodings.newLazyEncodingRegistry()
            .registerGptBytePairEncoding(
                new GptBytePairEncodingParams(file.toString(), pattern, ranks, Map.of()))
            .getEncoding(file.toString())
            .orElseThrow();
  }

  /** Reads the ranks file; the information comes from the manifest beside it. */
  public static BpeTokenizer open(Path ranksFile, TokenizerInfo info) throws IOException {
    return new BpeTokenizer(RanksFile.read(ranksFile), ranksFile, info);
  }

  @Override
  public int[] encode(String text) {
    String clean = wellFormed(text);
    String normal = nfc ? normalized(clean) : clean;
    LongRuns.refuseUnbroken(normal, pattern, MAX_RUN_LENGTH);
    int[] ids = encoding.encodeOrdinary(normal).toArray();
    return everyByteHasAToken ? ids : Arrays.stream(ids).filter(id -> id < bytes.length).toArray();
  }

  @Override
  public byte[] bytes(int id) {
    return piece(id).clone();
  }

  @Override
  public String decode(int[] ids) {
    int length = 0;
    for (int id : ids) {
      length += piece(id).length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (int id : ids) {
      byte[] piece = bytes[id];
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return new String(all, StandardCharsets.UTF_8);
  }

  @Override
  public StreamingDecoder streamingDecoder() {
    return new Utf8StreamingDecoder(this);
  }

  @Override
  public int controlToken(String name) {
    return controlTokens.getOrDefault(name, -1);
  }

  @Override
  public Map<String, Integer> controlTokens() {
    return controlTokens;
  }

  @Override
  public int vocabularySize() {
    return bytes.length;
  }

  @Override
  public int maxRunLength() {
    return MAX_RUN_LENGTH;
  }

  private byte[] piece(int id) {
    if (id < 0 || id >= bytes.length) {
      throw new IllegalArgumentException(
          "token id " + id + " does not exist: ids run from 0 to " + (bytes.length - 1));
    }
    return bytes[id];
  }

  private static String normalized(String text) {
    LongRuns.refuseMarks(text);
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /** Half surrogate pairs have no UTF-8; as U+FFFD they at least show. */
  private static String wellFormed(String text) {
    char[] repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else {
        repaired = repaired == null ? text.toCharArray() : repaired;
        repaired[i] = '\uFFFD';
      }
    }
    return repaired == null ? text : new String(repaired);
  }

  /** Without the flag {@code \s} is ASCII only and the ids differ from the model's. */
  private static Pattern compile(String pattern) {
    try {
      return Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "tokenizer.pattern in the manifest is no regular expression: " + e.getMessage(), e);
    }
  }

  private static boolean normalizes(String normalizer) {
    return switch (normalizer) {
      case TokenizerFiles.NFC -> true;
      case TokenizerFiles.NO_NORMALIZER -> false;
      default ->
          throw new IllegalArgumentException(
              "tokenizer.normalizer in the manifest is \"" + normalizer + "\": use nfc or none");
    };
  }

  /** The bytes of every id; ids without a token decode to nothing, as control tokens do. */
  private static byte[][] decodeTable(
      SortedMap<Integer, byte[]> tokens, Path file, TokenizerInfo info) {
    int size = info.vocabularySize();
    if (tokens.lastKey() >= size) {
      throw new IllegalArgumentException(
          file + " has rank " + tokens.lastKey() + ", but tokenizer.vocabularySize is " + size);
    }
    byte[][] table = new byte[size][];
    Arrays.fill(table, NOTHING);
    tokens.forEach((rank, token) -> table[rank] = token);
    info.controlTokens()
        .forEach(
            (name, id) -> {
              if (id < 0 || id >= size || table[id] != NOTHING) {
                throw new IllegalArgumentException(
                    "tokenizer.controlTokens has "
                        + name
                        + " = "
                        + id
                        + ": that id is another token's or not below vocabularySize "
                        + size);
              }
              if (info.visibleTokens().contains(name)) {
                table[id] = name.getBytes(StandardCharsets.UTF_8);
              }
            });
    return table;
  }

  /**
   * Some vocabularies lack bytes that their training never saw; the reference skips such a byte.
   * Here it gets an id above all others, which {@link #encode} takes out again.
   */
  private static boolean addMissingBytes(
      SortedMap<Integer, byte[]> tokens, Map<byte[], Integer> ranks, int firstFreeId) {
    boolean[] present = new boolean[256];
    tokens.values().stream().filter(t -> t.length == 1).forEach(t -> present[t[0] & 0xFF] = true);
    boolean missing = false;
    for (int b = 0; b < 256; b++) {
      if (!present[b]) {
        ranks.put(new byte[] {(byte) b}, firstFreeId + b);
        missing = true;
      }
    }
    return missing;
  }
}
