/**
 * What a privacy audit is given, and what it finds.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import type { ExcessTest, MatchThreshold } from "../privacy/mod.ts";
import type { AuditImages } from "./audit_images.ts";

/** What {@linkcode auditPrivacy} needs. */
export interface AuditPrivacyInput {
  /** Images that are to be released; labels are their synthetic identities. */
  synthetic: ImageSet | AuditImages;
  /** Photographs of the people who must not be in them, with identities: those the generator was trained on. */
  real: ImageSet | AuditImages;
  /**
   * Photographs of other real people, whom the generator has never seen, taken like those of `real`. Without them excess
   * is judged against false matches among the real people: a set that resembles people in general less or more than
   * they resemble each other is then judged wrongly.
   */
  control?: ImageSet | AuditImages;
  /** At least two matchers by name, none of them the one behind the generator's reward. Borrowed. */
  embedders: { [name: string]: Embedder };
  /**
   * Fingerprints of the embedders that the generator was rewarded by: none of these may judge it.
   *
   * @default {[]}
   */
  rewardFingerprints?: readonly string[];
  /**
   * Share of pairs of different people that the threshold of a match lets through, from 1e-4 to 1e-2.
   *
   * @default {1e-3}
   */
  falseMatchRate?: number;
  /**
   * Probability, over all tests together, with which a clean set fails.
   *
   * @default {0.01}
   */
  significance?: number;
  /**
   * How many synthetic images may be near duplicates of a real one, pixel by pixel, before the gate fails.
   *
   * @default {0}
   */
  allowedDuplicates?: number;
  /**
   * Which matching images are dropped: those that any embedder matches with a real image or person, or those that all do.
   * Near duplicates always are.
   *
   * @default {"any"}
   */
  drop?: "any" | "all";
  /**
   * How the nearest images are found: all compared, or by an approximate index whose recall is measured. With the index,
   * near duplicates are looked for among the 16 nearest by each embedder, not among all.
   *
   * @default {"exact"}
   */
  search?: "exact" | "approximate";
  /**
   * Worst pairs that are listed.
   *
   * @default {100}
   */
  listed?: number;
  /**
   * Seed of permutations, bootstrap and sampled pairs.
   *
   * @default {0}
   */
  seed?: number;
  /** Stops it. */
  signal?: AbortSignal;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void;
}

/**
 * Why a pair is listed: the same picture, perhaps mirrored, cut or compressed; the same person to a matcher; or merely
 * the nearest there is.
 */
export type LeakEvidence = "duplicate" | "match" | "nearest";

/** A synthetic image and the real image it comes closest to. */
export interface SuspectPair {
  /** Synthetic image, an index. */
  synthetic: number;
  /** Its path. */
  syntheticPath: string;
  /** Real image, an index. */
  real: number;
  /** Its path. */
  realPath: string;
  /** Name of the real person. */
  person: string;
  /** Why it is listed. */
  evidence: LeakEvidence;
  /** Cosine of the two images' features, by embedder. */
  similarities: { [embedder: string]: number };
  /** Embedders whose threshold the pair reaches. */
  matchedBy: string[];
  /** Of a duplicate: correlation of the aligned pixels, in [0, 1]. */
  correlation?: number;
  /** Of a duplicate: share of the real picture's sides that is left, in (0, 1]. */
  share?: number;
  /** Of a duplicate: whether it is mirrored. */
  flipped?: boolean;
}

/** What one part of the gate says. */
export interface AuditVerdict {
  /** Name of the test: `"duplicates"`, that of an embedder, or this with `", namesakes"`. */
  name: string;
  /** Whether it lets the set pass. */
  passed: boolean;
  /** What was found, and by which rule, in one sentence. */
  reason: string;
}

/** How near the images of one set come to those of another: quantiles of the largest cosine of each image. */
export interface Nearness {
  /** Half of the images come this near, or nearer. */
  median: number;
  /** One in a hundred does. */
  upper: number;
  /** The nearest of all. */
  largest: number;
}

/** What one embedder says. */
export interface EmbedderFindings {
  /** Fingerprint of the embedder. */
  fingerprint: string;
  /** Threshold of a match of two images, where it comes from, and how well the matcher does with it. */
  threshold: MatchThreshold;
  /** Threshold of a match of an image and a person's centroid; undefined where too few pairs could set one. */
  centroidThreshold?: number;
  /** Test of excess over the control. */
  test: ExcessTest;
  /**
   * Test of synthetic identities against the real people whose names they bear; undefined where too few names are in
   * both sets.
   */
  namesakes?: ExcessTest;
  /** Synthetic images that match a real image or a real person's centroid: indices in ascending order. */
  matched: number[];
  /** Control images that match a real image: what share of strangers does; undefined without a control. */
  matchedStrangers?: number;
  /** Real people with a match. */
  matchedPeople: number;
  /** Real images that match a synthetic identity's centroid. */
  realNearSynthetic: number;
  /** Nearness of each set to another. */
  nearest: {
    /** Of synthetic images to real ones. */
    syntheticToReal: Nearness;
    /** Of real images to synthetic ones. */
    realToSynthetic: Nearness;
    /** Of control images to real ones; undefined without a control. */
    controlToReal?: Nearness;
  };
  /** Recall of the approximate search on a sample; undefined where the search was exact. */
  searchRecall?: number;
}

/** How often the embedders agree about which synthetic images match. */
export interface EmbedderAgreement {
  /** Names of the two. */
  embedders: readonly [string, string];
  /** Images matched by both. */
  both: number;
  /** Images matched by the first alone. */
  onlyFirst: number;
  /** Images matched by the second alone. */
  onlySecond: number;
}

/** What {@linkcode auditPrivacy} returns. */
export interface PrivacyAudit {
  /** Whether the set may be released: no verdict is against it. */
  passed: boolean;
  /** One verdict on duplicates, one or two for each embedder. */
  verdicts: AuditVerdict[];
  /** Worst pairs, duplicates first, then by how far they lie above the thresholds. */
  pairs: SuspectPair[];
  /** Synthetic images to be dropped: indices in ascending order. */
  dropList: number[];
  /** Synthetic images that are near duplicates of a real one. */
  duplicates: number;
  /** What each embedder says, by name. */
  embedders: { [name: string]: EmbedderFindings };
  /** Threshold of each embedder: the least cosine of a match. */
  thresholds: { [name: string]: number };
  /** One entry for each two embedders. */
  agreement: EmbedderAgreement[];
  /** Images and people of each set. */
  counts: {
    [set in "synthetic" | "real" | "control"]: {
      images: number;
      identities: number;
    };
  };
  /** What was done, in sentences to be printed beside the numbers. */
  rules: string[];
}
