/** Trains the classifier, writes it as TorchScript, and trains a probe on what it holds inside. */
@NullMarked
package io.innerspan.examples.djltext.train;

import org.jspecify.annotations.NullMarked;
