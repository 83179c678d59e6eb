package io.innerspan.workbench.torch;

import static net.bytebuddy.matcher.ElementMatchers.isFinal;
import static net.bytebuddy.matcher.ElementMatchers.named;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import java.lang.invoke.MethodHandles;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * Makes DJL tell {@link ObservedForward} when blocks run. DJL has no hooks of its own; the forward
 * of every block is one final method, so the class that has it is defined with two more calls,
 * before anything loads it. No agent is needed.
 */
final class BlockHooks {
  private static final String HOOKED = "ai.djl.nn.AbstractBaseBlock";
  private static boolean installed;

  /**
   * Defines the class; once for all.
   *
   * @throws IllegalStateException when it was loaded without the hooks
   */
  static synchronized void install() {
    if (installed) {
      return;
    }
    ClassFileLocator classes = ClassFileLocator.ForClassLoader.of(Block.class.getClassLoader());
    TypeDescription type = TypePool.Default.of(classes).describe(HOOKED).resolve();
    byte[] hooked =
        new ByteBuddy()
            .redefine(type, classes)
            .visit(Advice.to(ForwardAdvice.class).on(named("forward").and(isFinal())))
            .make()
            .getBytes();
    try {
      MethodHandles.privateLookupIn(Block.class, MethodHandles.lookup()).defineClass(hooked);
    } catch (IllegalAccessException | LinkageError e) {
      throw new IllegalStateException("expected " + HOOKED + " not loaded yet, found " + e, e);
    }
    installed = true;
  }

  /** Copied into forward. */
  static final class ForwardAdvice {
    @Advice.OnMethodEnter
    static void enter(@Advice.This Block block) {
      ObservedForward.enter(block);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Return @Nullable NDList outputs) {
      ObservedForward.leave(outputs);
    }

    private ForwardAdvice() {}
  }

  private BlockHooks() {}
}
