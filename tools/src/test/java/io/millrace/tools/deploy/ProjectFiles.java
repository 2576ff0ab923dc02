package io.millrace.tools.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Files of the project as the tests of this module see them. */
final class ProjectFiles {

  static final Path ROOT = Path.of("..");

  private ProjectFiles() {}

  static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  /** A YAML file with its anchors and merge keys resolved. */
  static JsonNode yaml(String file) throws IOException {
    Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(read(file));
    return new YAMLMapper().valueToTree(loaded);
  }

  /** A property of the root pom. */
  static String property(String name) throws IOException {
    Matcher found =
        Pattern.compile("<" + Pattern.quote(name) + ">([^<]*)</").matcher(read("pom.xml"));
    if (!found.find()) {
      throw new AssertionError("pom.xml has no property " + name);
    }
    return found.group(1);
  }
}
