/**
 * Numerics: TensorFlow.js on libtensorflow, `jit`, and the composite operations models are made of.
 *
 * @module
 */
export { tf } from "./tf.ts";
export {
  type BackendInfo,
  type BackendName,
  useBackend,
  type UseBackendOptions,
} from "./backend.ts";
export { jit, type JitOptions, type Jitted, type TensorTree } from "./jit.ts";
export * from "./ops/mod.ts";
export { type Owned, owned } from "./owned.ts";
