package io.millrace.engine.model;

import java.io.IOException;

/** Where a model's weights come from: a checkpoint, or a random generator. */
@FunctionalInterface
interface WeightSource {

  MatrixSource matrix(Weight weight) throws IOException;
}
