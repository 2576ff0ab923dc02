package io.millrace.engine.prepare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.model.RopeScaling;

/** Reads rope_scaling, or the rope_parameters of newer checkpoints, from a config.json. */
final class RopeScalingReader {
  private static final String[] KEYS = {"rope_parameters", "rope_scaling"};
  private static final String ORIGINAL = "original_max_position_embeddings";

  private RopeScalingReader() {}

  /** The rotary base, wherever it stands. */
  static double theta(ConfigValues values, double otherwise) throws ModelFormatException {
    double theta = values.positive(otherwise, "rope_theta");
    for (String key : KEYS) {
      if (values.has(key)) {
        theta = section(values, key).positive(theta, "rope_theta");
      }
    }
    return theta;
  }

  /**
   * The scaling, null for none.
   *
   * @param positions max_position_embeddings
   */
  static RopeScaling read(ConfigValues values, int positions) throws ModelFormatException {
    requireFullRotary(values);
    RopeScaling found = null;
    for (String key : KEYS) {
      if (values.has(key)) {
        ConfigValues section = section(values, key);
        requireFullRotary(section);
        if (found == null) {
          found = scaling(values, key, section, positions);
        }
      }
    }
    return found;
  }

  private static RopeScaling scaling(
      ConfigValues values, String key, ConfigValues rope, int positions)
      throws ModelFormatException {
    int original = rope.size(values.size(positions, ORIGINAL), ORIGINAL);
    return switch (rope.text("default", "rope_type", "type")) {
      case "default" -> null;
      case "linear" -> RopeScaling.linear(factor(rope), original);
      // The original length of this type is the one that the checkpoint declares.
      case "dynamic" -> RopeScaling.dynamic(factor(rope), positions);
      case "llama3" ->
          RopeScaling.llama3(
              factor(rope),
              original,
              required(rope, "low_freq_factor"),
              required(rope, "high_freq_factor"));
      case "yarn" -> yarn(rope, original, positions);
      default ->
          throw values.unsupported(
              key, rope.root(), "the types default, linear, dynamic, yarn and llama3 are");
    };
  }

  private static RopeScaling yarn(ConfigValues rope, int original, int positions)
      throws ModelFormatException {
    double factor = rope.has("factor") ? factor(rope) : Math.max(1, (double) positions / original);
    double mscale = rope.positive(0, "mscale");
    double allDim = rope.positive(0, "mscale_all_dim");
    double attention =
        mscale > 0 && allDim > 0
            ? temperature(factor, mscale) / temperature(factor, allDim)
            : temperature(factor, 1);
    return RopeScaling.yarn(
        factor,
        original,
        rope.positive(32, "beta_fast"),
        rope.positive(1, "beta_slow"),
        rope.flag(true, "truncate"),
        rope.positive(attention, "attention_factor"));
  }

  private static double temperature(double factor, double mscale) {
    return factor <= 1 ? 1 : 0.1 * mscale * StrictMath.log(factor) + 1;
  }

  private static double factor(ConfigValues rope) throws ModelFormatException {
    double factor = required(rope, "factor");
    if (factor < 1) {
      throw rope.unsupported("factor", factor, "1 and more are");
    }
    return factor;
  }

  private static double required(ConfigValues rope, String key) throws ModelFormatException {
    if (!rope.has(key)) {
      throw new ModelFormatException(rope.file() + ": the key " + key + " is missing");
    }
    return rope.positive(1, key);
  }

  private static void requireFullRotary(ConfigValues values) throws ModelFormatException {
    double factor = values.positive(1, "partial_rotary_factor");
    if (factor != 1) {
      throw values.unsupported("partial_rotary_factor", factor, "only 1 is");
    }
  }

  private static ConfigValues section(ConfigValues values, String key) throws ModelFormatException {
    if (!(values.find(key) instanceof ObjectNode object)) {
      throw values.unsupported(key, values.find(key), "an object is");
    }
    return new ConfigValues(values.file() + ": " + key, object);
  }
}
