/**
 * Files: weights (safetensors, checkpoints of PyTorch), images, and containers of data sets.
 *
 * @module
 */
export * from "./convert_weights.ts";
export * from "./decode_image.ts";
export * from "./decode_image_bytes.ts";
export * from "./encode_image.ts";
export { encodeEvent, eventFileHead, type RunEvent } from "./event_file.ts";
export * from "./image_size.ts";
export * from "./mat_v5.ts";
export * from "./mat_v73.ts";
export { unpickle, type UnpickleOptions } from "./pickle.ts";
export { PickleGlobal, type PickleObject } from "./pickle_objects.ts";
export { type Provenance } from "./provenance.ts";
export * from "./read_provenance.ts";
export * from "./read_safetensors.ts";
export * from "./read_torch_checkpoint.ts";
export * from "./record_io.ts";
export * from "./record_label.ts";
export { type SafetensorsDtype } from "./safetensors_format.ts";
export { type SafetensorsData } from "./tensor_values.ts";
export { type TorchCheckpointOptions } from "./torch_checkpoint.ts";
export * from "./verification_bin.ts";
export * from "./weights.ts";
export {
  type WeightsEntry,
  type WeightsFile,
  type WeightsFileOptions,
  type WeightsTensor,
} from "./weights_file.ts";
export * from "./write_safetensors.ts";
export * from "./zero_slices.ts";
