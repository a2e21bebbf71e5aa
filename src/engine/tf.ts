/**
 * The one place that imports TensorFlow.js. Every other file takes `tf` from here, so the version, the gradients that
 * come with the union package, and the runtime shim the node kernels need are decided once.
 *
 * @module
 */
/** TensorFlow.js, complete. */
import * as tf from "@tensorflow/tfjs";

export { tf };
