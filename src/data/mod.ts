/**
 * Images of identities: readers, splits, batches, augmentation.
 *
 * @module
 */
export * from "./augment.ts";
export * from "./batches.ts";
export * from "./group_by_label.ts";
export * from "./image_folder.ts";
export * from "./image_set.ts";
export * from "./list_image_folder.ts";
export * from "./split.ts";
