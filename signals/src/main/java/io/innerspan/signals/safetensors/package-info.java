/**
 * A strict reader and a deterministic writer of <a
 * href="https://github.com/huggingface/safetensors#format">safetensors</a> files.
 */
@NullMarked
package io.innerspan.signals.safetensors;

import org.jspecify.annotations.NullMarked;
