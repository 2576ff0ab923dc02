package io.millrace.engine.runtime.attention;

import io.millrace.engine.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The rotary tables of the alphas in use, the last used one first. Every sequence of every step
 * asks, so looking one up allocates nothing: a map would box the alpha.
 */
final class RopeTables {
  /** Dynamic scaling has an alpha for every length: the least recently used tables must go. */
  static final int MOST = 128;

  private final ModelConfig config;
  private final List<RopeTable> tables = new ArrayList<>(MOST);

  RopeTables(ModelConfig config) {
    this.config = config;
  }

  RopeTable of(float alpha) {
    int at = 0;
    while (at < tables.size() && tables.get(at).alpha() != alpha) {
      at++;
    }
    if (at == 0 && !tables.isEmpty()) {
      return tables.get(0);
    }
    RopeTable table = at < tables.size() ? tables.remove(at) : new RopeTable(config, alpha);
    if (tables.size() == MOST) {
      tables.remove(MOST - 1);
    }
    tables.add(0, table);
    return table;
  }
}
