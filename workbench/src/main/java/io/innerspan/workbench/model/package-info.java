/** A model and its tokenizer: from texts to activations at hook points. */
@NullMarked
package io.innerspan.workbench.model;

import org.jspecify.annotations.NullMarked;
