/**
 * Files: weights (safetensors) and images.
 *
 * @module
 */
export * from "./decode_image.ts";
export * from "./encode_image.ts";
export * from "./read_safetensors.ts";
export { type SafetensorsDtype } from "./safetensors_format.ts";
export * from "./write_safetensors.ts";
