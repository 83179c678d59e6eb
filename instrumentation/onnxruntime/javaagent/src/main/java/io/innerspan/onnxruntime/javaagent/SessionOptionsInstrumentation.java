package io.innerspan.onnxruntime.javaagent;

import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.isStatic;
import static net.bytebuddy.matcher.ElementMatchers.nameMatches;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;

import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import java.lang.reflect.Method;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import org.jspecify.annotations.Nullable;

/** Remembers what an application sets on its session options, which cannot be read back. */
final class SessionOptionsInstrumentation implements TypeInstrumentation {
  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return named("ai.onnxruntime.OrtSession$SessionOptions");
  }

  @Override
  public void transform(TypeTransformer transformer) {
    transformer.applyAdviceToMethod(
        isPublic()
            .and(not(isStatic()))
            .and(nameMatches("(set|add|enable|disable|register)[A-Z].*")),
        getClass().getName() + "$SetAdvice");
  }

  @SuppressWarnings("unused")
  public static class SetAdvice {
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static void enter() {
      OptionCalls.enter();
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static void exit(
        @Advice.This OrtSession.SessionOptions options,
        @Advice.Origin Method method,
        @Advice.AllArguments Object[] arguments,
        @Advice.Thrown @Nullable Throwable failure) {
      OptionCalls.exit(options, method, arguments, failure);
    }
  }
}
