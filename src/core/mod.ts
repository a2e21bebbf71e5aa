/**
 * What every other room stands on: weights, random streams, checks, fingerprints, run directories.
 *
 * @module
 */
export * from "./check.ts";
export * from "./digest.ts";
export * from "./embedder.ts";
export * from "./file_name.ts";
export * from "./is_there.ts";
export * from "./list_runs.ts";
export * from "./metrics_log.ts";
export * from "./params.ts";
export * from "./preprocessing_metadata.ts";
export * from "./random.ts";
export * from "./read_json.ts";
export * from "./replace_folder.ts";
export * from "./run_directory.ts";
export * from "./stop_signal.ts";
export * from "./write_atomic.ts";
