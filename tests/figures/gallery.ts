// Every figure there is, on one page, from made-up but plausible data:
//   deno run -RWES --allow-ffi gallery.ts <page.html>
import { randomStream } from "../../src/core/mod.ts";
import { gatherPixels } from "../../src/data/mod.ts";
import {
  ablationFigure,
  angleHistogram,
  barFigure,
  biasFigure,
  cmcFigure,
  curveFigure,
  dosnesFigure,
  type Figure,
  type Html,
  imageGrid,
  neighboursTable,
  reportPage,
  rocFigure,
  sliderFigure,
  table,
  tradeoffFigure,
} from "../../src/figures/mod.ts";
import { encodePng } from "../../src/io/mod.ts";
import {
  angleDistributions,
  biasMetrics,
  receiverCurve,
} from "../../src/metrics/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";

const random = randomStream(0, "gallery");
const [PEOPLE, IMAGES, SIZE] = [5, 4, 24];

/** A curve from `from` to `to` over 60 steps, with noise. */
function settling(from: number, to: number, noise: number): number[] {
  return Array.from(
    random.normals(60),
    (each, i) => to + (from - to) * Math.exp(-i / 15) + noise * each,
  );
}

/** Distances of same and of different pairs; the further apart, the better the recogniser. */
function pairs(apart: number, count = 2000) {
  const same = Array.from({ length: count }, (_, i) => i % 2 === 0);
  const noise = random.normals(count);
  const distances = same.map((isSame, i) =>
    Math.max(0, 1.5 + 0.3 * noise[i] - (isSame ? 0.3 * apart : 0))
  );
  return { distances, same };
}

/** Features that lie about centres, one for each identity. */
function features(spread: number) {
  const width = 16;
  const centres = random.normals(PEOPLE * width);
  const data = random.normals(PEOPLE * IMAGES * width).map((value, k) =>
    spread * value +
    centres[Math.floor(k / width / IMAGES) * width + k % width]
  );
  return { data, width };
}

const labels = Int32Array.from(
  { length: PEOPLE * IMAGES },
  (_, i) => Math.floor(i / IMAGES),
);

async function thumbnails(): Promise<Uint8Array[]> {
  const faces = proceduralFaces({
    identities: PEOPLE,
    imagesPerIdentity: IMAGES,
    size: SIZE,
  });
  return await Promise.all(
    Array.from({ length: faces.count }, (_, i) =>
      encodePng({
        pixels: gatherPixels(faces, [i]),
        height: SIZE,
        width: SIZE,
      })),
  );
}

/** Points on a sphere, near to each other within an identity. */
function onSphere(spread: number): number[] {
  const turn = Math.PI * (3 - Math.sqrt(5));
  return Array.from(labels).flatMap((label) => {
    const z = 1 - (2 * label + 1) / PEOPLE;
    const round = Math.sqrt(1 - z * z);
    const centre = [
      round * Math.cos(turn * label),
      round * Math.sin(turn * label),
      z,
    ];
    const noise = random.normals(3);
    const point = centre.map((value, i) => value + spread * noise[i]);
    const length = Math.hypot(...point);
    return point.map((value) => value / length);
  });
}

/** The figures by what they are. */
export async function galleryFigures(): Promise<
  { [heading: string]: (Figure | Html)[] }
> {
  const x = Array.from({ length: 60 }, (_, i) => i);
  const pngs = await thumbnails();
  const angles = angleDistributions(features(0.6), labels, { bins: 30 });
  const names = Array.from({ length: PEOPLE }, (_, k) => `face-${1000000 + k}`);
  const methods = ["real only", "real + cold start", "real + ours, selected"];
  const seeds = (mean: number) =>
    Array.from(
      random.normals(3),
      (noise, k) => mean + 0.6 * (k - 1) + 0.3 * noise,
    );
  const bias = (apart: number) => {
    const groups = ["African", "Asian", "Caucasian", "Indian"];
    return biasMetrics(Object.fromEntries(
      groups.map((name, k) => {
        const { distances, same } = pairs(apart + 0.3 * k, 400);
        return [name, { squaredDistances: distances, same }];
      }),
    ));
  };
  const kernel = (sigma: number) =>
    curveFigure({
      title: "Kernel of the coverage reward",
      xTitle: "distance",
      yTitle: "k",
      x,
      series: [{
        name: "k",
        y: x.map((d) => Math.exp(-((d / 30) ** 2) / 2 / sigma ** 2)),
      }],
    });
  return {
    Curves: [
      curveFigure({
        title: "Denoising loss",
        note: "Running mean of 5 over the raw loss; logarithmic axis",
        xTitle: "step",
        yTitle: "loss",
        yScale: "log",
        smoothing: 5,
        x,
        series: [
          { name: "cold start", y: settling(1, 0.1, 0.004) },
          { name: "from scratch", y: settling(1, 0.3, 0.01) },
        ],
      }),
      curveFigure({
        title: "Rewards on fixed seeds",
        note: "Mean over 24 identities; band: one standard error",
        xTitle: "iteration",
        yTitle: "reward",
        series: ["semantic", "coverage", "expressive", "second embedder"]
          .map((name, k) => ({
            name,
            x: [0, 8, 16, 24, 32],
            y: [0, 1, 2, 3, 4].map((i) => 0.7 - 0.15 * k + 0.02 * i),
            error: Array(5).fill(0.02),
          })),
      }),
    ],
    Pictures: [
      imageGrid(
        ["real", "cold start", "reinforced"].map((label, r) => ({
          label,
          images: names.map((_, k) => ({
            png: pngs[k * IMAGES + r],
            caption: `0.${90 - 7 * r - k}`,
          })),
        })),
        { columns: names, note: "Cosine to the prototype below each." },
      ),
      neighboursTable(
        [0, 1, 2].map((k) => ({
          label: k === 0 ? "match" : "nearest",
          query: { png: pngs[k * IMAGES] },
          neighbour: { png: pngs[k * IMAGES + 1] },
          similarities: { auditor: 0.81 - 0.2 * k, general: 0.77 - 0.1 * k },
          matched: k === 0 ? ["auditor"] : [],
        })),
        { titles: ["synthetic", "real"], caption: "The worst pairs." },
      ),
    ],
    Features: [
      angleHistogram({
        title: "Angles between features",
        note: "20 images of 5 people; the line is the threshold",
        series: [
          { name: "same person", histogram: angles.intra!.histogram },
          { name: "different people", histogram: angles.inter!.histogram },
        ],
        mark: 62,
      }),
      dosnesFigure({
        title: "Spheres of features",
        note: "DOSNES, perplexity 3; turn them with the pointer",
        panels: [["real only", 0.3], ["ours", 0.12]].map(([name, spread]) => ({
          name: String(name),
          points: onSphere(Number(spread)),
          identities: Array.from(labels, (label) => names[label]),
          images: pngs,
        })),
      }),
    ],
    Recognition: [
      rocFigure({
        title: "Receiver operating characteristic",
        note: "1,000 same and 1,000 different pairs",
        from: 1e-3,
        curves: methods.map((name, k) => {
          const { distances, same } = pairs(2 + 0.6 * k);
          return { name, points: receiverCurve(distances, same, []).points };
        }),
      }),
      cmcFigure({
        note: "Camera-aware protocol, 3 seeds; band: one standard error",
        models: methods.map((name, k) => ({
          name,
          cmc: [0, 1, 2].map((seed) =>
            Array.from(
              { length: 20 },
              (_, r) => 1 - (0.5 - 0.1 * k + 0.02 * seed) * Math.exp(-r / 6),
            )
          ),
        })),
      }),
      barFigure({
        title: "Accuracy on unseen people",
        note: "10 folds; bars start at chance; interval: 95 %",
        yTitle: "accuracy, %",
        labels: methods,
        groups: [{
          name: "accuracy",
          values: [76.2, 78.4, 81.9],
          intervals: [[74, 78.4], [76, 80.8], [80, 83.8]],
        }],
        from: 50,
        digits: 1,
      }),
      biasFigure({
        title: "Accuracy by group",
        note: "200 pairs of each kind; interval: 95 % of redraws",
        series: [{ name: "real only", bias: bias(1.5) }, {
          name: "real + ours",
          bias: bias(2.2),
        }],
      }),
      ablationFigure({
        title: "What each part adds",
        note: "3 seeds; interval: 95 %",
        xTitle: "mean average precision, %",
        labels: ["base", "+ selection", "+ semantic", "+ coverage"],
        series: [{
          name: "ours",
          values: [75.6, 77.8, 78.2, 78.9].map(seeds),
        }],
        digits: 1,
      }),
      ablationFigure({
        title: "Backbones",
        note: "3 seeds; interval: 95 %",
        xTitle: "rank-1, %",
        labels: ["ResNet-50", "ViT-B/16", "IResNet-50"],
        series: ["real only", "real + ours"].map((name, s) => ({
          name,
          values: [88, 90, 86].map((mean) => seeds(mean + 1.5 * s)),
        })),
        digits: 1,
      }),
      tradeoffFigure({
        title: "Accuracy against leak rate",
        note: "Mean of 2 seeds; bars: standard errors",
        xTitle: "share of images that match a real person, %",
        yTitle: "verification accuracy, %",
        curves: ["drop threshold", "guidance"].map((name, k) => ({
          name,
          settings: ["1e-4", "1e-3", "1e-2", "1e-1"],
          x: [30, 14, 6, 2].map((value) => value + 4 * k),
          y: [74, 73.4, 72, 69].map((value) => value - k),
          xError: [3, 2, 1, 0.5],
          yError: [0.4, 0.4, 0.5, 0.8],
        })),
        levels: [
          { name: "photographs", value: 75, axis: "y" },
          { name: "strangers", value: 1, axis: "x" },
        ],
      }),
      sliderFigure(
        [0.25, 0.5, 1].map((sigma) => ({
          label: String(sigma),
          figure: kernel(sigma),
        })),
        { name: "bandwidth", start: 1 },
      ),
    ],
    Tables: [
      table(
        [{ title: "trained on" }, { title: "mAP", unit: "%", digits: 1 }],
        methods.map((name, k) => [name, {
          value: 61 + 3 * k,
          error: 0.6,
          strong: k === 2,
          ...(k === 2 && { note: "Half of the candidates are kept." }),
        }]),
        { caption: "Camera-aware protocol; ± one standard error of 3 seeds." },
      ),
    ],
  };
}

/** The page that shows them all. */
export async function galleryPage(): Promise<string> {
  return await reportPage({
    title: "Gallery",
    subtitle: "Every figure, from made-up data.",
    facts: [["Data", "made up"]],
    sections: Object.entries(await galleryFigures())
      .map(([heading, parts]) => ({ heading, parts })),
  });
}

if (import.meta.main) {
  await Deno.writeTextFile(Deno.args[0], await galleryPage());
}
