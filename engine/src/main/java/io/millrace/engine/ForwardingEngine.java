package io.millrace.engine;

import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.tokenize.Tokenizer;

/** An engine that hands everything on to another one; a subclass changes what it is there for. */
public abstract class ForwardingEngine implements Engine {
  private final Engine engine;

  protected ForwardingEngine(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Generation submit(GenerationRequest request, GenerationListener listener) {
    return engine.submit(request, listener);
  }

  @Override
  public Admission admission() {
    return engine.admission();
  }

  @Override
  public boolean isStopped() {
    return engine.isStopped();
  }

  @Override
  public Manifest manifest() {
    return engine.manifest();
  }

  @Override
  public Tokenizer tokenizer() {
    return engine.tokenizer();
  }

  @Override
  public ChatFormat chatFormat() {
    return engine.chatFormat();
  }

  @Override
  public int maxSequenceLength() {
    return engine.maxSequenceLength();
  }

  @Override
  public EngineStats stats() {
    return engine.stats();
  }

  @Override
  public void close() {
    engine.close();
  }
}
