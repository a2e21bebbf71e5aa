/**
 * `outis identities`: samples people who are nobody.
 *
 * @module
 */
import type { Covariate, LatentModel } from "../brownian/mod.ts";
import {
  digestParams,
  isThere,
  randomStream,
  readJsonIfThere,
} from "../core/mod.ts";
import { digestImages, type ImageSet, readImageFolder } from "../data/mod.ts";
import {
  faceCovariates,
  identityLatents,
  loadAuditor,
  loadGenerator,
  makeIdentities,
  priorUrl,
  recognizerEmbedder,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import {
  type IdentitiesRequest,
  identitiesRequest,
  identitiesTable,
} from "./identities_options.ts";
import { type Command, defineCommand } from "./command.ts";
import { identitiesPlan } from "./identities_plan.ts";
import { openRun } from "./open_run.ts";
import { UsageError } from "./options.ts";
import type { PartProgress } from "./part_progress.ts";
import { secondEmbedder } from "./second_embedder.ts";

/** Runs `outis identities`. */
export const identitiesCommand: Command = defineCommand({
  name: "identities",
  group: "Make synthetic people",
  summary: "Sample people who are nobody, away from real ones",
  about:
    "Lets points in the generator's latent space push each other apart until each is a person of its own (Langevin), then spreads pictures of each around it (Dispersion), with poses and lights of their own (DisCo). With --avoid nobody comes near the people in your photographs.",
  examples: [
    { args: "--count 20", does: "twenty people, eight variations of each" },
    {
      args: "--avoid faces/ --radius 0.8 --algorithm langevin",
      does: "references alone, at least 0.8 rad from everybody in faces/",
    },
  ],
  options: identitiesTable,
  plans: true,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const request = identitiesRequest(call.options);
    const { options, algorithm, hasVariations, distance, pull } = request;
    const { signal, display } = call;
    const { out = "runs/identities", count = 20, seed = 0 } = options;
    const { steps = 40, variations: n = 8, refine } = options;
    const samplingSteps = options["sampling-steps"] ?? 8;
    const engine = await call.engine();
    const place = options.prior ?? priorUrl();
    const prior = await badInput(() => loadGenerator(place));
    const network = await badInput(async () =>
      await loadAuditor(place) ?? missing(place)
    );
    try {
      const { height: size, width } = prior.config.autoencoder;
      const real = options.avoid === undefined
        ? undefined
        : await badInput(() =>
          readImageFolder(options.avoid!, {
            size: { height: size, width },
            signal,
            onProgress: (done, total) =>
              display.step("read images", done, total, {}),
          })
        );
      const weights = await digestParams(prior.params.dit);
      const configuration = {
        ...options,
        out: null,
        threads: null,
        // By what they hold, not by where they lie.
        avoid: null,
        generator: weights,
        real: real === undefined ? null : digestImages(real),
      };
      await call.announce({
        ...identitiesPlan({
          count,
          steps: request.method === "langevin" ? steps : 0,
          variations: hasVariations ? n : 0,
          samplingSteps,
          refine,
          checks: options.check,
          prior,
        }),
        out,
        resumed: await isThere(`${out}/manifest.json`),
      });
      using run = await openRun(out, { configuration, engine });
      using embedder = await recognizerEmbedder(network.model, network.params);
      using auditor = options.check
        ? await secondEmbedder({ run, seed, size, signal, display })
        : undefined;
      using model = await identityLatents(prior, {
        kind: request.latents,
        samplingSteps,
        signal,
        onStep: (done, total) =>
          display.step("faces to learn from", done, total, {}),
      });
      const covariates = await covariatesOf(model, request, {
        seed,
        size,
        signal,
        display,
      });
      const report = await makeIdentities({
        model,
        embedder,
        ...(auditor && { auditor }),
        ...(real && { avoid: { images: real, distance: request.radius } }),
        settings: {
          count,
          seed,
          steps,
          method: request.method,
          truncation: request.truncation,
          langevin: { distance, pull },
          ...(hasVariations && {
            variations: { count: n, covariates, ...request.variations },
          }),
        },
        ...(refine && { refine: { prior, steps: refine, samplingSteps } }),
        run,
        generator: `@outis/outis, weights ${weights.slice(0, 16)}`,
        facts: [
          ["Algorithm", algorithm],
          ["Latents", request.latents],
          ["Kept away from", whom(real)],
          ["Seed", seed],
          ["Engine", engine.description],
        ],
        now: Date.now,
        signal,
        onStep: display.step,
      });
      await run.finish();
      const made = await readJsonIfThere<object>(
        run.file("synthetic/manifest.json"),
      );
      return { text: report, json: { run: out, report, ...made } };
    } catch (error) {
      throw error instanceof RangeError ? new UsageError(error.message) : error;
    } finally {
      prior.dispose();
    }
  },
});

/** Directions of pose and light, for DisCo. */
async function covariatesOf(
  model: LatentModel,
  { algorithm, covariateScale }: IdentitiesRequest,
  { seed, size, signal, display }: {
    seed: number;
    size: number;
    signal: AbortSignal;
    display: PartProgress;
  },
): Promise<Covariate[]> {
  if (algorithm !== "disco") return [];
  return await faceCovariates(model, {
    random: randomStream(seed, "covariates"),
    count: 384,
    scale: covariateScale,
    size,
    signal,
    onStep: (done, total) =>
      display.step("faces with known poses", done, total, {}),
  });
}

function whom(real: ImageSet | undefined): string {
  if (real === undefined) return "nobody";
  return `${real.count} images of ${real.identities.length} real people`;
}

function missing(place: string | URL): never {
  throw new Error(
    `Cannot sample identities as '${place}' must hold an auditor: there is none`,
  );
}
