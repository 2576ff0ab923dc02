package io.millrace.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.tokenize.Tokenizer;
import io.millrace.engine.tokenize.Tokenizers;
import io.millrace.schemas.json.JsonProblem;
import io.millrace.schemas.json.StrictJson;
import io.millrace.schemas.json.Utf8Text;
import java.io.IOException;
import java.io.PrintWriter;
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
  private static final String INPUT = "standard input";

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
    byte[] input = System.in.readAllBytes();
    PrintWriter out = spec.commandLine().getOut();
    if (decode) {
      out.print(tokenizer.decode(ids(input)));
    } else {
      out.println(JSON.writeValueAsString(tokenizer.encode(Utf8Text.decode(input, INPUT))));
    }
    out.flush();
    return 0;
  }

  private static int[] ids(byte[] input) {
    String wanted = INPUT + " is no JSON array of token ids such as [1,2,3]: ";
    JsonNode json;
    try {
      json = StrictJson.value(input, INPUT);
    } catch (JsonProblem e) {
      throw new IllegalArgumentException(wanted + e.getMessage(), e);
    }
    if (!json.isArray()) {
      throw new IllegalArgumentException(wanted + "it is " + json);
    }
    int[] ids = new int[json.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = json.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        throw new IllegalArgumentException(wanted + "[" + i + "] is " + id);
      }
      ids[i] = id.intValue();
    }
    return ids;
  }
}
