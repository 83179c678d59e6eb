/**
 * Signals of TorchScript models, computed by the model itself.
 *
 * <p>At load, {@link io.innerspan.djl.torchscript.ScriptRewriter} writes a copy of the archive with
 * a method more; where it refuses, or libtorch refuses the copy, the original is loaded. For each
 * inference, {@link io.innerspan.djl.torchscript.ScriptCapture#prepare} makes the inputs that
 * select that method, and {@link io.innerspan.djl.torchscript.ScriptCapture#finish} takes the
 * reading out of the outputs. Activations never leave the engine.
 */
@NullMarked
package io.innerspan.djl.torchscript;

import org.jspecify.annotations.NullMarked;
