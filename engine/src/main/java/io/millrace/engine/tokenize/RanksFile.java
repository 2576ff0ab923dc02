package io.millrace.engine.tokenize;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;

/** The mergeable tokens of a byte-level BPE in tiktoken's form: base64 token, space, rank. */
final class RanksFile {
  private RanksFile() {}

  /** Tokens by rank, which is the id and the order of merging at once. */
  static SortedMap<Integer, byte[]> read(Path file) throws IOException {
    TreeMap<Integer, byte[]> tokens = new TreeMap<>();
    Base64.Decoder base64 = Base64.getDecoder();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isEmpty()) {
          continue;
        }
        int space = line.indexOf(' ');
        try {
          int rank = Integer.parseInt(line.substring(space + 1));
          byte[] token = base64.decode(line.substring(0, Math.max(space, 0)));
          if (rank < 0 || token.length == 0 || tokens.put(rank, token) != null) {
            throw new IllegalArgumentException("empty token, negative or repeated rank");
          }
        } catch (IllegalArgumentException e) {
          throw new IOException(
              file + ", line " + number + ": \"" + line + "\" is not \"base64-token rank\"", e);
        }
      }
    }
    if (tokens.isEmpty()) {
      throw new IOException(file + " holds no tokens: a ranks file has a line for every token");
    }
    return tokens;
  }

  static void write(Path file, SortedMap<Integer, byte[]> tokens) throws IOException {
    Base64.Encoder base64 = Base64.getEncoder();
    try (BufferedWriter lines = Files.newBufferedWriter(file, StandardCharsets.ISO_8859_1)) {
      for (var token : tokens.entrySet()) {
        lines.write(base64.encodeToString(token.getValue()) + " " + token.getKey() + "\n");
      }
    }
  }
}
