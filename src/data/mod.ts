/**
 * Images of identities: readers, splits, batches, augmentation.
 *
 * @module
 */
export * from "./align_face.ts";
export * from "./augment.ts";
export * from "./augmentation.ts";
export * from "./batches.ts";
export { byteImageSet } from "./byte_image_set.ts";
export { chunkedIdentityBatches } from "./chunked_identity_batches.ts";
export * from "./colour_jitter.ts";
export * from "./dataset_card.ts";
export * from "./detect_faces.ts";
export * from "./export_dataset.ts";
export { type ExportLayout, type ImageFileType } from "./export_layout.ts";
export * from "./exported_dataset.ts";
export * from "./folder_layouts.ts";
export * from "./group_by_label.ts";
export * from "./hamming_index.ts";
export * from "./image_cache.ts";
export {
  fingerprintImages,
  type FingerprintImagesOptions,
  type ImageFingerprint,
} from "./image_fingerprint.ts";
export * from "./image_folder.ts";
export * from "./image_record.ts";
export * from "./image_set.ts";
export * from "./inspect_dataset.ts";
export * from "./join_images.ts";
export { linkFolder } from "./link_folder.ts";
export * from "./list_image_folder.ts";
export * from "./low_resolution.ts";
export * from "./name_identities.ts";
export * from "./overlap.ts";
export * from "./parse_pairs.ts";
export {
  hammingDistance,
  type HashBits,
  type PerceptualHash,
  perceptualHash,
} from "./perceptual_hash.ts";
export * from "./prefetch.ts";
export * from "./random_erasing.ts";
export * from "./read_casia.ts";
export {
  type Cuhk03Boxes,
  readCuhk03,
  type ReadCuhk03Options,
} from "./read_cuhk03.ts";
export * from "./read_cuhk03_release.ts";
export * from "./read_dataset.ts";
export * from "./read_folder.ts";
export * from "./read_images.ts";
export * from "./read_manifest.ts";
export * from "./read_market1501.ts";
export { readPairs, type ReadPairsOptions } from "./read_pairs.ts";
export * from "./read_record_file.ts";
export { readRfw, RFW_GROUPS } from "./read_rfw.ts";
export * from "./read_verification_bins.ts";
export { type Layout, LAYOUTS, recogniseLayout } from "./recognise_layout.ts";
export { recordIoLayout } from "./record_io_layout.ts";
export * from "./sample_streams.ts";
export * from "./rewrite_export.ts";
export * from "./scrfd_detector.ts";
export * from "./similarity_transform.ts";
export * from "./split.ts";
export * from "./subset_records.ts";
export * from "./synthetic_image.ts";
export * from "./web_dataset.ts";
export * from "./write_manifest.ts";
export * from "./write_verification_bin.ts";
