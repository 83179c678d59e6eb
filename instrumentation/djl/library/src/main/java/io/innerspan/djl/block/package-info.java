/**
 * Signals of models that are blocks of Java, computed by the engine with operations on NDArrays.
 *
 * <p>{@link io.innerspan.djl.block.BlockPlan} finds the blocks that signals read and prepares their
 * mathematics once per model. {@link io.innerspan.djl.block.BlockCapture} is one inference: it is
 * told of each block that is entered and left, and gives the reading. Nothing that belongs to the
 * application is changed, and what the engine makes for signals ends with the capture.
 */
@NullMarked
package io.innerspan.djl.block;

import org.jspecify.annotations.NullMarked;
