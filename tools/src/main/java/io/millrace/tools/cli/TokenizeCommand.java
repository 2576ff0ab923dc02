package io.millrace.tools.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.tokenize.Tokenizer;
import io.millrace.engine.tokenize.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace tokenize}: text on standard input to token ids, or back. */
@Command(
    name = "tokenize",
    description = {
      "Reads UTF-8 text from standard input and prints its token ids as a JSON array.",
      "Every character counts, a line break at the end too; control tokens are read as text."
    })
final class TokenizeCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The prepared model whose tokenizer is used.")
  private Path model;

  @Option(
      names = "--decode",
      description = "Read a JSON array of ids and print their text instead.")
  private boolean decode;

  @Override
  public Integer call() throws IOException {
    Tokenizer tokenizer = Tokenizers.open(model, PreparedModel.open(model).manifest());
    String input = readInput();
    PrintWriter out = spec.commandLine().getOut();
    if (decode) {
      out.print(tokenizer.decode(ids(input)));
    } else {
      out.println(JSON.writeValueAsString(tokenizer.encode(input)));
    }
    out.flush();
    return 0;
  }

  private static String readInput() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(System.in.readAllBytes());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(
          "standard input is not UTF-8 text at byte "
              + bytes.position()
              + ": convert it, for example with iconv -t UTF-8");
    }
  }

  private static int[] ids(String json) throws IOException {
    try {
      int[] ids = JSON.readValue(json, int[].class);
      if (ids != null) {
        return ids;
      }
    } catch (JsonProcessingException e) {
      throw new IOException(
          "standard input is no JSON array of token ids such as [1,2,3]: " + e.getOriginalMessage(),
          e);
    }
    throw new IOException("standard input is null, not a JSON array of token ids such as [1,2,3]");
  }
}
