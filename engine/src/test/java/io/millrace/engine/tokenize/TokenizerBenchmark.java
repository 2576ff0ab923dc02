package io.millrace.engine.tokenize;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Qwen's full-size tokenizer on about ten thousand characters. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class TokenizerBenchmark {
  private static final int CHARACTERS = 10_000;

  /** What kind of text. */
  public enum Text {
    ENGLISH("The river rose for %d days, and on the last one the old mill's wheel turned again. "),
    CHINESE("河水上涨了%d天,最后一天,老磨坊的水车又转了起来。"),
    CODE("for (int i = 0; i < %d; i++) {\n    total += values[i] * weight;\n}\n");

    private final String sentence;

    Text(String sentence) {
      this.sentence = sentence;
    }

    private String repeat() {
      StringBuilder text = new StringBuilder();
      // The numbers differ, so that no cache of whole sentences could help.
      for (int i = 0; text.length() < CHARACTERS; i++) {
        text.append(sentence.formatted(i));
      }
      return text.toString();
    }
  }

  @Param public Text text;

  private final Tokenizer tokenizer = QwenFixture.qwen2();
  private String characters;
  private int[] ids;

  @Setup
  public void prepare() {
    characters = text.repeat();
    ids = tokenizer.encode(characters);
  }

  @Benchmark
  public int[] encode() {
    return tokenizer.encode(characters);
  }

  @Benchmark
  public String decode() {
    return tokenizer.decode(ids);
  }
}
