package io.innerspan.djl.javaagent;

import static net.bytebuddy.matcher.ElementMatchers.isStatic;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;

import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import java.nio.file.Path;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the file of each TorchScript module, which DJL forgets. Names no type of the PyTorch
 * engine: applications on other engines do not have it.
 */
final class TorchScriptInstrumentation implements TypeInstrumentation {
  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return named("ai.djl.pytorch.jni.JniUtils");
  }

  @Override
  public void transform(TypeTransformer transformer) {
    transformer.applyAdviceToMethod(
        named("loadModule").and(isStatic()).and(takesArgument(1, Path.class)),
        getClass().getName() + "$LoadAdvice");
  }

  @SuppressWarnings("unused")
  public static class LoadAdvice {
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static void exit(
        @Advice.Argument(1) @Nullable Path file, @Advice.Return @Nullable Object module) {
      Models.loaded(module, file);
    }
  }
}
