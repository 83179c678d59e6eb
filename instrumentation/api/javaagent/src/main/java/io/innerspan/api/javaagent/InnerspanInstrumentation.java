package io.innerspan.api.javaagent;

import static net.bytebuddy.matcher.ElementMatchers.isStatic;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;
import static net.bytebuddy.matcher.ElementMatchers.takesNoArguments;

import io.innerspan.api.ContentKind;
import io.innerspan.api.InferenceReading;
import io.innerspan.api.Outcome;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.AssignReturned;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;

/** Gives the API's methods their work, after they have checked their arguments. */
final class InnerspanInstrumentation implements TypeInstrumentation {
  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return named("io.innerspan.api.Innerspan");
  }

  @Override
  public void transform(TypeTransformer transformer) {
    String name = getClass().getName();
    transformer.applyAdviceToMethod(
        named("currentReading").and(isStatic()).and(takesNoArguments()), name + "$ReadingAdvice");
    transformer.applyAdviceToMethod(
        named("report")
            .and(isStatic())
            .and(takesArguments(1))
            .and(takesArgument(0, named("io.innerspan.api.Outcome"))),
        name + "$OutcomeAdvice");
    transformer.applyAdviceToMethod(
        named("content")
            .and(isStatic())
            .and(takesArguments(2))
            .and(takesArgument(0, named("io.innerspan.api.ContentKind"))),
        name + "$ContentAdvice");
  }

  @SuppressWarnings("unused")
  public static class ReadingAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static InferenceReading exit(@Advice.Return InferenceReading none) {
      return ApiCalls.currentReading(none);
    }
  }

  @SuppressWarnings("unused")
  public static class OutcomeAdvice {
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static void exit(@Advice.Argument(0) Outcome outcome) {
      ApiCalls.report(outcome);
    }
  }

  @SuppressWarnings("unused")
  public static class ContentAdvice {
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static void exit(@Advice.Argument(0) ContentKind kind, @Advice.Argument(1) String text) {
      ApiCalls.content(kind, text);
    }
  }
}
