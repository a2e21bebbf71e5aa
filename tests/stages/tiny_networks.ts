import {
  iresnet18,
  type NetworkDescription,
  resnet18,
  smallRecognizer,
  vitS16,
} from "../../src/models/mod.ts";

/** Height and width that all tiny networks take, pixels. */
export const NETWORK_SIZE = 32;

const size = { height: NETWORK_SIZE, width: NETWORK_SIZE };
const depths = [1, 1, 1, 1] as const;

/** The smallest network of each kind. */
export const tinyNetworks: {
  [kind in NetworkDescription["kind"]]: NetworkDescription;
} = {
  small: {
    kind: "small",
    config: smallRecognizer({ ...size, widths: [8, 8, 8, 32], features: 8 }),
  },
  resnet: {
    kind: "resnet",
    ...size,
    config: resnet18({ depths, channels: 8, lastStride: 1, neck: true }),
  },
  vit: {
    kind: "vit",
    config: vitS16({ ...size, patch: 8, hidden: 8, depth: 1, heads: 2 }),
    neck: true,
  },
  iresnet: {
    kind: "iresnet",
    config: iresnet18({ depths, channels: 8, size: 32, features: 8 }),
  },
};
