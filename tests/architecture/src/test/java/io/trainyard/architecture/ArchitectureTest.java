package io.trainyard.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may import whom. ARCHITECTURE.md draws it; this holds it. */
class ArchitectureTest {
  private static final Set<String> PLATFORM = Set.of("spi", "testkit", "client", "core", "store", "runner", "hub", "cli", "toolkit");

  private static void holds(ArchRule rule) {
    rule.check(Modules.ALL);
  }

  @Test
  void theClassesAreThere() {
    assertThat(Modules.ALL).hasSizeGreaterThan(400);
    assertThat(Modules.plugins()).as("toolkit and at least one plugin").hasSizeGreaterThanOrEqualTo(2);
  }

  /** Of Trainyard's own packages. */
  @ParameterizedTest
  @CsvSource({
    "spi,     ''",
    "testkit, spi",
    "client,  spi",
    "toolkit, spi",
    "core,    spi client",
    "store,   spi client core",
    "runner,  spi client",
    "hub,     spi client core store",
    "cli,     spi client core store hub runner"
  })
  void modulesImportOnlyWhatTheyMay(String module, String others) {
    List<String> allowed = new ArrayList<>(List.of("io.trainyard." + module + ".."));
    for (String other : others.split(" ")) {
      if (!other.isEmpty()) {
        allowed.add("io.trainyard." + other + "..");
      }
    }
    DescribedPredicate<JavaClass> foreign =
        resideInAPackage("io.trainyard..").and(resideOutsideOfPackages(allowed.toArray(String[]::new))).as("other modules than %s", allowed);
    holds(noClasses().that().resideInAPackage("io.trainyard." + module + "..").should().dependOnClassesThat(foreign));
  }

  @Test
  void pluginsImportTheSpiTheToolkitAndTensorFlowOnly() {
    DescribedPredicate<JavaClass> plugin = describe("plugins", type -> isPlugin(type));
    holds(
        classes()
            .that(plugin)
            .should()
            .onlyDependOnClassesThat(
                describe(
                    "the JDK, SPI, toolkit, TensorFlow, SLF4J and itself",
                    type ->
                        isPlugin(type)
                            || type.isPrimitive()
                            || type.isArray()
                            || in(type, "java.", "javax.", "io.trainyard.spi", "io.trainyard.toolkit", "org.tensorflow", "org.slf4j", "org.jspecify"))));
  }

  @Test
  void onePluginSeesNoOther() {
    holds(slices().matching("io.trainyard.(*)..").that(describe("plugins", slice -> isPlugin(slice.iterator().next()))).should().notDependOnEachOther());
  }

  @Test
  void theSpiAndTheClientNeedTheJdkOnly() {
    for (String module : List.of("spi", "client")) {
      holds(
          classes()
              .that()
              .resideInAPackage("io.trainyard." + module + "..")
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage("java..", "org.jspecify..", "io.trainyard.spi..", "io.trainyard." + module + ".."));
    }
  }

  @Test
  void onlyTheStoreKnowsMapDb() {
    holds(noClasses().that().resideOutsideOfPackage("io.trainyard.store..").should().dependOnClassesThat().resideInAPackage("org.mapdb.."));
  }

  @Test
  void onlyTheHubKnowsHttpAndMeters() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.trainyard.hub..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.ext..", "io.vertx.core.http..", "io.micrometer..", "io.prometheus.."));
  }

  @Test
  void onlyRunnersAndPluginsTouchTensorFlow() {
    holds(
        noClasses()
            .that()
            .resideInAnyPackage(
                "io.trainyard.spi..", "io.trainyard.client..", "io.trainyard.core..", "io.trainyard.store..", "io.trainyard.hub..", "io.trainyard.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.tensorflow..", "org.bytedeco.."));
  }

  @Test
  void modulesHaveNoCycles() {
    holds(slices().matching("io.trainyard.(*)..").should().beFreeOfCycles());
  }

  /** Within a module. Its root package is left out: it is the front, and holds the words that the parts share. */
  @Test
  void partsOfModulesHaveNoCycles() {
    holds(slices().matching("io.trainyard.(*).(*)..").should().beFreeOfCycles());
  }

  @Test
  void onlyCommandsPrint() {
    // A runner's output is its run's log: it flushes it at the end.
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.trainyard.cli..", "io.trainyard.runner..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace"));
  }

  @Test
  void nobodyEndsTheProcessButAProgram() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.trainyard.cli..", "io.trainyard.runner..")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class));
  }

  @Test
  void everyPackageSaysWhatIsNull() {
    List<String> without = new ArrayList<>();
    for (JavaPackage one : Modules.ALL.getPackage("io.trainyard").getSubpackagesInTree()) {
      boolean hasClasses = one.getClasses().stream().anyMatch(type -> !type.getSimpleName().equals("package-info"));
      if (hasClasses && one.tryGetAnnotationOfType("org.jspecify.annotations.NullMarked").isEmpty()) {
        without.add(one.getName());
      }
    }
    assertThat(without).as("packages without @NullMarked").isEmpty();
  }

  @Test
  void nothingIsInjectedOrGenerated() {
    DescribedPredicate<JavaAnnotation<?>> magic =
        describe("injection or Lombok", annotation -> in(annotation.getRawType(), "jakarta.inject", "javax.inject", "lombok", "org.springframework"));
    holds(noClasses().should().beAnnotatedWith(magic));
  }

  private static boolean isPlugin(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith("io.trainyard.")) {
      return false;
    }
    String module = name.substring("io.trainyard.".length()).split("\\.")[0];
    return !PLATFORM.contains(module);
  }

  private static boolean in(JavaClass type, String... packages) {
    for (String one : packages) {
      if (type.getPackageName().startsWith(one)) {
        return true;
      }
    }
    return false;
  }
}
