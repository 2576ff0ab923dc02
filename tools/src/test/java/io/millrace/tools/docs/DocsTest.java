package io.millrace.tools.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the pages point to is there. */
class DocsTest {

  private static final Path ARCHITECTURE = Pages.ROOT.resolve("docs/architecture.md");
  private static final Path GUARANTEES = Pages.ROOT.resolve("docs/guarantees.md");
  private static final Pattern CLASS = Pattern.compile("[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*");
  private static final Pattern PACKAGE =
      Pattern.compile("(schemas|engine|operators|job|tools)(\\.[a-z]+)*");

  @Test
  void shouldLinkToPagesAndHeadingsThatExist() throws Exception {
    Set<String> broken = new TreeSet<>();
    int links = 0;
    for (Path page : Pages.all()) {
      for (String link : Pages.links(page)) {
        if (!link.matches("[a-z]+:.*")) {
          links++;
          if (!resolves(page, link)) {
            broken.add(page + " -> " + link);
          }
        }
      }
    }
    assertThat(links).isPositive();
    assertThat(broken).as("links to what does not exist").isEmpty();
  }

  private static boolean resolves(Path page, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? page : page.resolveSibling(file);
    return Files.exists(target)
        && (hash < 0 || Pages.anchors(target).contains(link.substring(hash + 1)));
  }

  @Test
  void shouldReachEveryPageFromTheIndex() throws Exception {
    List<String> links = Pages.links(Pages.ROOT.resolve("docs/README.md"));
    for (Path page : Pages.all()) {
      if (page.startsWith(Pages.ROOT.resolve("docs")) && !page.endsWith("README.md")) {
        assertThat(links).contains(page.getFileName().toString());
      }
    }
  }

  @Test
  void shouldNameClassesThatExist() throws Exception {
    Set<String> classes = Pages.classes();
    for (Path page : List.of(ARCHITECTURE, GUARANTEES)) {
      List<String> named =
          Pages.codeInTables(page).stream().filter(CLASS.asMatchPredicate()).toList();
      assertThat(named).as("classes in the tables of %s", page).isNotEmpty();
      assertThat(named)
          .as("classes in the tables of %s that do not exist", page)
          .filteredOn(name -> !classes.contains(name))
          .isEmpty();
    }
  }

  @Test
  void shouldGiveEveryPackageItsResponsibility() throws Exception {
    assertThat(Pages.codeInTables(ARCHITECTURE))
        .filteredOn(code -> PACKAGE.matcher(code).matches())
        .containsExactlyInAnyOrderElementsOf(Pages.packages());
  }
}
