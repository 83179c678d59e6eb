package io.innerspan.djl.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.djl.block.BlockPlan;
import io.innerspan.djl.javaagent.DjlVersion.Members;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Whether the advice finds what it is for, and the code beside it what it calls, in the bytecode of
 * versions of DJL: those of the build, or with {@code -Dinnerspan.djl.matrix} one of each minor.
 */
class HookedMethodsTest {
  private static final String ENGINE = "ai.djl.pytorch.";

  private static final List<String> HOOKED =
      List.of(
          "CreateAdvice: ai.djl.inference.Predictor.<init>(Lai/djl/Model;Lai/djl/translate/Translator;Lai/djl/Device;Z)V",
          "BatchAdvice: ai.djl.inference.Predictor.batchPredict(Ljava/util/List;)Ljava/util/List;",
          "StreamAdvice: ai.djl.inference.Predictor.streamingPredict(Ljava/lang/Object;)"
              + "Lai/djl/inference/streaming/StreamingTranslator$StreamOutput;",
          "ForwardAdvice: ai.djl.inference.Predictor.predictInternal(Lai/djl/translate/TranslatorContext;"
              + "Lai/djl/ndarray/NDList;)Lai/djl/ndarray/NDList;",
          "OutputAdvice: ai.djl.inference.Predictor.postProcessEnd(JI)V",
          "StreamAdvice: ai.djl.inference.streaming.StreamingBlock.forwardStream("
              + "Lai/djl/training/ParameterStore;Lai/djl/ndarray/NDList;Z)Ljava/util/stream/Stream;",
          "StreamAdvice: ai.djl.inference.streaming.StreamingBlock.forwardStream("
              + "Lai/djl/training/ParameterStore;Lai/djl/ndarray/NDList;ZLai/djl/util/PairList;)"
              + "Ljava/util/stream/Stream;",
          "ForwardAdvice: ai.djl.nn.AbstractBaseBlock.forward("
              + "Lai/djl/training/ParameterStore;Lai/djl/ndarray/NDList;ZLai/djl/util/PairList;)"
              + "Lai/djl/ndarray/NDList;",
          "CloseAdvice: ai.djl.BaseModel.close()V",
          "LoadAdvice: ai.djl.pytorch.jni.JniUtils.loadModule(Lai/djl/pytorch/engine/PtNDManager;"
              + "Ljava/nio/file/Path;Z[Ljava/lang/String;[Ljava/lang/String;Z)"
              + "Lai/djl/pytorch/engine/PtSymbolBlock;",
          "StreamLoadAdvice: ai.djl.pytorch.jni.JniUtils.loadModule("
              + "Lai/djl/pytorch/engine/PtNDManager;Ljava/io/InputStream;ZZ)"
              + "Lai/djl/pytorch/engine/PtSymbolBlock;",
          "ForwardAdvice: ai.djl.pytorch.jni.IValueUtils.forward("
              + "Lai/djl/pytorch/engine/PtSymbolBlock;Lai/djl/ndarray/NDList;Z)Lai/djl/ndarray/NDList;",
          "CloseAdvice: ai.djl.pytorch.engine.PtSymbolBlock.close()V");

  /** Called by reflection, for applications on other engines do not have them. */
  private static final Map<String, List<String>> REFLECTED =
      Map.of(
          "ai/djl/pytorch/jni/JniUtils",
          List.of(
              "isGradMode()Z",
              "setGradMode(Z)V",
              "backward(Lai/djl/pytorch/engine/PtNDArray;Lai/djl/pytorch/engine/PtNDArray;ZZ)V",
              "enableInferenceMode(Lai/djl/pytorch/engine/PtSymbolBlock;)V"),
          "ai/djl/pytorch/jni/IValueUtils",
          List.of(
              "forward(Lai/djl/pytorch/engine/PtSymbolBlock;Lai/djl/ndarray/NDList;Z)"
                  + "Lai/djl/ndarray/NDList;"));

  static Stream<DjlVersion> versions() {
    return DjlVersion.all();
  }

  /** Else the other tests here would hold for no version. */
  @Test
  void versions_areThere() {
    List<String> found = versions().map(DjlVersion::version).toList();
    assertThat(found).contains(System.getProperty("innerspan.djl.built"));
    assertThat(versions()).anyMatch(DjlVersion::hasEngine);
    if (System.getProperty("innerspan.djl.matrix") != null) {
      assertThat(found).hasSizeGreaterThanOrEqualTo(10);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void advice_findsItsMethods(DjlVersion djl) throws IOException {
    Set<String> hooked = new TreeSet<>();
    TypePool types = djl.types();
    for (String name : djl.names()) {
      TypeDescription type = types.describe(name).resolve();
      for (TypeInstrumentation instrumentation :
          new DjlInstrumentationModule().typeInstrumentations()) {
        if (instrumentation.typeMatcher().matches(type)) {
          instrumentation.transform(
              new Matchers(
                  (matcher, advice) ->
                      type.getDeclaredMethods()
                          .filter(matcher)
                          .forEach(method -> hooked.add(line(advice, method)))));
        }
      }
    }
    assertThat(hooked)
        .containsExactlyInAnyOrderElementsOf(
            HOOKED.stream().filter(line -> djl.hasEngine() || !line.contains(ENGINE)).toList());
  }

  private static String line(String advice, MethodDescription method) {
    return advice.substring(advice.indexOf('$') + 1)
        + ": "
        + method.getDeclaringType().asErasure().getName()
        + "."
        + method.getInternalName()
        + method.getDescriptor();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void fieldsThatAdviceReads_areThere(DjlVersion djl) throws IOException {
    assertThat(djl.classes().get("ai/djl/inference/Predictor").members())
        .contains("modelLai/djl/Model;", "blockLai/djl/nn/Block;");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void whatIsCalledByReflection_isThere(DjlVersion djl) throws IOException {
    Map<String, Members> classes = djl.classes();
    if (djl.hasEngine()) {
      REFLECTED.forEach(
          (type, methods) -> assertThat(classes.get(type).members()).as(type).containsAll(methods));
    }
  }

  /** Our code is compiled with the oldest version. */
  @ParameterizedTest
  @MethodSource("versions")
  void whatOurCodeCalls_isThere(DjlVersion djl) throws Exception {
    Map<String, Members> classes = djl.classes();
    Set<String> calls = new TreeSet<>();
    collect(DjlInstrumentationModule.class, calls);
    collect(BlockPlan.class, calls);
    assertThat(calls).hasSizeGreaterThan(50);
    Set<String> missing = new TreeSet<>();
    for (String call : calls) {
      String[] parts = call.split(" ");
      if (!DjlVersion.has(classes, parts[0], parts[1])) {
        missing.add(call);
      }
    }
    assertThat(missing).isEmpty();
  }

  /** Adds every member of DJL's that the classes beside one use. */
  private static void collect(Class<?> beside, Set<String> calls) throws Exception {
    URI place = beside.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path path = Path.of(place);
    if (Files.isDirectory(path)) {
      collect(path, calls);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(path)) {
        collect(jar.getPath("/"), calls);
      }
    }
  }

  private static void collect(Path root, Set<String> calls) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        if (file.toString().replace(File.separatorChar, '/').contains("io/innerspan/djl/")) {
          try (InputStream in = Files.newInputStream(file)) {
            new ClassReader(in).accept(new Calls(calls), ClassReader.SKIP_FRAMES);
          }
        }
      }
    }
  }

  private static final class Calls extends ClassVisitor {
    private final Set<String> calls;

    Calls(Set<String> calls) {
      super(Opcodes.ASM9);
      this.calls = calls;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] thrown) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String called, String of, boolean isInterface) {
          add(owner, called + of);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String of) {
          add(owner, field + of);
        }
      };
    }

    private void add(String owner, String member) {
      if (owner.startsWith("ai/djl/")) {
        calls.add(owner + " " + member);
      }
    }
  }

  /** Takes advice to what it is for. */
  private record Matchers(BiConsumer<ElementMatcher<? super MethodDescription>, String> each)
      implements TypeTransformer {
    @Override
    public void applyAdviceToMethod(
        ElementMatcher<? super MethodDescription> matcher, String advice) {
      each.accept(matcher, advice);
    }

    @Override
    public void applyAdviceToMethod(
        ElementMatcher<? super MethodDescription> matcher,
        Function<Advice.WithCustomMapping, Advice.WithCustomMapping> mapping,
        String advice) {
      each.accept(matcher, advice);
    }

    @Override
    public void applyTransformer(AgentBuilder.Transformer transformer) {
      throw new UnsupportedOperationException("expected advice, found " + transformer);
    }
  }
}
