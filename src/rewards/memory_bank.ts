/**
 * The memory bank: reference features of each identity, B_y of the paper.
 *
 * @module
 */
import { checkLength, checkShape, type Embedder } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import {
  type BankTensors,
  bankTensors,
  sortByLabel,
  type SortedFeatures,
} from "./bank_tensors.ts";
import { checkFeatures } from "./check_features.ts";
import type { ClassPrototypeOptions } from "./class_prototype.ts";
import { medianBandwidth } from "./median_bandwidth.ts";

/** Options of {@linkcode MemoryBank.fromEmbedder}. */
export interface MemoryBankOptions extends ClassPrototypeOptions {
  /** Name of each identity; label y stands for `identities[y]`. @default "0", "1", ... */
  identities?: readonly string[];
}

/** Options of {@linkcode MemoryBank.fromFeatures}. */
export interface FeatureBankOptions extends MemoryBankOptions {
  /** Fingerprint of the embedder that made the features. */
  fingerprint: string;
}

/** Images and their identities, as {@linkcode MemoryBank.fromEmbedder} takes them. */
export interface LabelledImages {
  /** `[B, H, W, 3]`, RGB in [-1, 1]. Borrowed. */
  images: tf.Tensor4D;
  /** Identity of each image, `[B]`. */
  labels: ArrayLike<number>;
}

/** Features and the embedder's name for them; what {@linkcode MemoryBank.checkEmbedder} looks at. */
export type EmbedderTrait = Pick<Embedder, "width" | "fingerprint">;

/** A memory bank in plain memory, as it is saved. */
export interface MemoryBankArrays {
  /** Version of this layout. */
  schema: 1;
  /** Features as the embedder gave them, `[N, width]` in row-major order, sorted by identity. */
  features: Float32Array;
  /** Identity of each row, `[N]`. */
  labels: Int32Array;
  /** Number of features D. */
  width: number;
  /** Name of each identity. */
  identities: string[];
  /** Fingerprint of the embedder. */
  fingerprint: string;
  /** See {@linkcode ClassPrototypeOptions}. */
  normalizeFirst: boolean;
}

/** References of one identity. A `type`, for `tf.tidy` and `tf.dispose`. */
export type IdentityView = {
  /** Unit-length reference features, `[N_y, D]`. */
  references: tf.Tensor2D;
  /** Class prototype (eq. 2), `[D]`. */
  prototype: tf.Tensor1D;
  /** Spread of the references, S_r (eq. 8), scalar. */
  spread: tf.Scalar;
};

/**
 * Reference features of every identity, and what the rewards need of them: prototypes (eq. 2), spreads S_r (eqs. 7 and 8)
 * and the kernel's bandwidth (eq. 4), computed once.
 *
 * A bank belongs to one embedder and refuses features of another. Its features are biometric data of real people: keep a
 * saved bank out of reports and published datasets. It owns its tensors; declare it with `using`, or dispose it, and do
 * not make it inside a `tf.tidy`.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { MemoryBank } from "@outis/outis/rewards";
 *
 * const features = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 1]]);
 * using bank = MemoryBank.fromFeatures(features, [0, 0, 1, 1], {
 *   identities: ["ada", "bo"],
 *   fingerprint: "an embedder's",
 * });
 * bank.view("ada").prototype.print(); // [0.7071, 0.7071]
 * ```
 */
export class MemoryBank {
  /** Name of each identity; label y of a batch stands for `identities[y]`. */
  readonly identities: readonly string[];
  /** Number of references of each identity. */
  readonly counts: readonly number[];
  /** Number of features D. */
  readonly width: number;
  /** Fingerprint of the embedder that made the features. */
  readonly fingerprint: string;
  /** Median bandwidth of the bank ({@linkcode medianBandwidth}), the default σ of {@linkcode scoreBatch}. */
  readonly bandwidth: number;
  /** What the rewards read. Owned by the bank. */
  readonly tensors: BankTensors;
  readonly #sorted: SortedFeatures;
  readonly #normalizeFirst: boolean;

  private constructor(sorted: SortedFeatures, options: FeatureBankOptions) {
    const { fingerprint, normalizeFirst = false } = options;
    const act = "build a memory bank";
    const { features, labels, counts, width } = sorted;
    const { identities = counts.map((_, y) => String(y)) } = options;
    checkLength(act, "identities", identities, counts.length);
    if (new Set(identities).size !== identities.length) {
      throw new RangeError(
        `Cannot ${act} as 'identities' must be different names: current value is ${identities}`,
      );
    }
    counts.forEach((count, y) => {
      if (count < 2) {
        throw new RangeError(
          `Cannot ${act} as the number of references of '${
            identities[y]
          }' must be at least 2, as one has no covariance: current value is ${count}`,
        );
      }
    });
    const rows = tf.tensor2d(features, [labels.length, width]);
    try {
      this.bandwidth = medianBandwidth(rows, labels);
      this.tensors = bankTensors(rows, sorted, { normalizeFirst });
    } finally {
      rows.dispose();
    }
    this.identities = [...identities];
    this.counts = counts;
    this.width = width;
    this.fingerprint = fingerprint;
    this.#sorted = sorted;
    this.#normalizeFirst = normalizeFirst;
  }

  /**
   * Builds a bank from features.
   *
   * @param features Features as the embedder gave them, `[N, D]`, in any order. Borrowed; their values are read.
   * @param labels Identity of each row, 0 to I - 1, `[N]`.
   * @param options Names, fingerprint, and how prototypes are made.
   * @returns The bank, to be disposed.
   * @throws {TypeError} If lengths do not fit.
   * @throws {RangeError} If an identity has fewer than two rows, a row is zero or not finite, a label is out of range,
   * features of an identity cancel, or two identities have one name.
   */
  static fromFeatures(
    features: tf.Tensor2D,
    labels: ArrayLike<number>,
    options: FeatureBankOptions,
  ): MemoryBank {
    const act = "build a memory bank";
    checkFeatures(act, "features", features);
    checkLength(act, "labels", labels, features.shape[0]);
    const sorted = sortByLabel(
      act,
      features.dataSync() as Float32Array,
      labels,
      features.shape[1],
      options.identities?.length,
    );
    return new MemoryBank(sorted, options);
  }

  /**
   * Builds a bank from images.
   *
   * @param embedder Frozen network that makes the features.
   * @param batches Images and identities, in as many pieces as memory asks for. Borrowed, one at a time.
   * @param options Names, and how prototypes are made.
   * @returns The bank, to be disposed.
   * @throws {TypeError} If lengths do not fit, or the features have not the embedder's width.
   * @throws {RangeError} If there are no images, or as {@linkcode MemoryBank.fromFeatures}.
   */
  static async fromEmbedder(
    embedder: Embedder,
    batches: Iterable<LabelledImages> | AsyncIterable<LabelledImages>,
    options: MemoryBankOptions = {},
  ): Promise<MemoryBank> {
    const act = "build a memory bank";
    const pieces: Float32Array[] = [];
    const labels: number[] = [];
    for await (const batch of batches) {
      checkLength(act, "labels", batch.labels, batch.images.shape[0]);
      const features = tf.tidy(() => embedder.embed(batch.images));
      try {
        checkShape(act, "embedder.embed(images)", features, [
          batch.images.shape[0],
          embedder.width,
        ]);
        pieces.push(await features.data() as Float32Array);
      } finally {
        features.dispose();
      }
      for (let i = 0; i < batch.labels.length; i++) {
        labels.push(batch.labels[i]);
      }
    }
    const values = new Float32Array(labels.length * embedder.width);
    let next = 0;
    for (const piece of pieces) {
      values.set(piece, next);
      next += piece.length;
    }
    const features = tf.tensor2d(values, [labels.length, embedder.width]);
    try {
      return MemoryBank.fromFeatures(features, labels, {
        ...options,
        fingerprint: embedder.fingerprint,
      });
    } finally {
      features.dispose();
    }
  }

  /**
   * Builds a saved bank again.
   *
   * @param arrays What {@linkcode MemoryBank.toArrays} gave.
   * @returns The bank, equal to the one saved; to be disposed.
   * @throws {TypeError} If lengths do not fit.
   * @throws {RangeError} If the schema is another, or as {@linkcode MemoryBank.fromFeatures}.
   */
  static fromArrays(arrays: MemoryBankArrays): MemoryBank {
    const { schema, features, labels, width, ...options } = arrays;
    const act = "build a memory bank";
    if (schema !== 1) {
      throw new RangeError(
        `Cannot ${act} as 'schema' must be 1: current value is ${schema}`,
      );
    }
    checkLength(act, "features", features, labels.length * width);
    const rows = tf.tensor2d(features, [labels.length, width]);
    try {
      return MemoryBank.fromFeatures(rows, labels, options);
    } finally {
      rows.dispose();
    }
  }

  /**
   * Copies the bank to plain memory, to be saved. Biometric data.
   *
   * @returns Features, labels, names and settings; {@linkcode MemoryBank.fromArrays} makes the same bank of them.
   */
  toArrays(): MemoryBankArrays {
    return {
      schema: 1,
      features: this.#sorted.features.slice(),
      labels: this.#sorted.labels.slice(),
      width: this.width,
      identities: [...this.identities],
      fingerprint: this.fingerprint,
      normalizeFirst: this.#normalizeFirst,
    };
  }

  /**
   * References of one identity.
   *
   * @param identity Its name.
   * @returns References, prototype and spread. Owned by the caller.
   * @throws {RangeError} If the bank does not know the identity.
   */
  view(identity: string): IdentityView {
    const [label] = this.labelsOf([identity]);
    const start = this.counts.slice(0, label).reduce((sum, n) => sum + n, 0);
    const { references, prototypes, spreads } = this.tensors;
    return tf.tidy(() => ({
      references: tf.slice(references, [start, 0], [
        this.counts[label],
        this.width,
      ]),
      prototype: tf.reshape(tf.slice(prototypes, [label, 0], [1, this.width]), [
        this.width,
      ]) as tf.Tensor1D,
      spread: tf.reshape(tf.slice(spreads, [label], [1]), []) as tf.Scalar,
    }));
  }

  /**
   * Labels of identities by name.
   *
   * @param names Names, in any order, repeated or not.
   * @returns The label of each.
   * @throws {RangeError} If the bank does not know a name.
   */
  labelsOf(names: readonly string[]): Int32Array {
    return Int32Array.from(names, (name) => {
      const label = this.identities.indexOf(name);
      if (label < 0) {
        throw new RangeError(
          `Cannot look up an identity as 'identity' must be one of the bank's ${this.identities.length}: current value is "${name}"`,
        );
      }
      return label;
    });
  }

  /**
   * Refuses another embedder than the bank's.
   *
   * @param embedder The embedder, or its width and fingerprint.
   * @throws {TypeError} If its width differs.
   * @throws {RangeError} If its fingerprint differs.
   */
  checkEmbedder(embedder: EmbedderTrait): void {
    const act = "use a memory bank";
    if (embedder.width !== this.width) {
      throw new TypeError(
        `Cannot ${act} as 'embedder.width' must be ${this.width}: current value is ${embedder.width}`,
      );
    }
    if (embedder.fingerprint !== this.fingerprint) {
      throw new RangeError(
        `Cannot ${act} as 'embedder.fingerprint' must be "${this.fingerprint}": current value is "${embedder.fingerprint}"`,
      );
    }
  }

  /** Frees the tensors. */
  [Symbol.dispose](): void {
    tf.dispose(this.tensors);
  }
}
