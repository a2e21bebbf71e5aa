/**
 * The recognisers.
 *
 * @module
 */
import type { Params } from "../../src/core/mod.ts";
import type { tf } from "../../src/engine/mod.ts";
import {
  insightfaceNames,
  iresnet,
  iresnet50,
  resnet,
  resnet50,
  timmVitNames,
  torchvisionResnetNames,
  torchvisionVitNames,
  vit,
  vitB16,
} from "../../src/models/mod.ts";
import type { ParityCase } from "./parity_case.ts";

/** Classes of ImageNet. */
const CLASSES = 1000;

/** What both sides compute of images. */
function outputs(
  { features, logits }: { features: tf.Tensor; logits?: tf.Tensor },
): { [name: string]: tf.Tensor } {
  return logits === undefined ? { features } : { features, logits };
}

function vitCase(
  title: string,
  twin: string,
  names: typeof timmVitNames,
): ParityCase {
  return {
    name: `ViT-B/16, ${title}`,
    twin,
    make() {
      const { config, shapes, apply } = vit(vitB16({ classes: CLASSES }));
      return {
        shapes,
        scheme: names(config, shapes),
        run: (params: Params, { images }: Params) =>
          outputs(apply(params, images as tf.Tensor4D)),
      };
    },
  };
}

const resnetCase: ParityCase = {
  name: "ResNet-50",
  twin: "resnet50",
  make() {
    const { config, shapes, apply } = resnet(resnet50({ classes: CLASSES }));
    return {
      shapes,
      scheme: torchvisionResnetNames(config, shapes),
      run: (params: Params, { images }: Params) =>
        outputs(apply(params, images as tf.Tensor4D)),
    };
  },
};

const iresnetCase: ParityCase = {
  name: "IResNet-50",
  twin: "iresnet50",
  make() {
    const { shapes, apply } = iresnet(iresnet50());
    return {
      shapes,
      scheme: insightfaceNames(shapes),
      run: (params: Params, { images }: Params) =>
        outputs(apply(params, images as tf.Tensor4D)),
    };
  },
};

/** All of them. */
export const RECOGNISER_CASES: ParityCase[] = [
  resnetCase,
  vitCase("timm", "vitB16Timm", timmVitNames),
  vitCase("torchvision", "vitB16Torchvision", torchvisionVitNames),
  iresnetCase,
];
