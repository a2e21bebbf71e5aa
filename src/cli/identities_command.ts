/**
 * `outis identities`: samples people who are nobody.
 *
 * @module
 */
import type { Covariate, LatentModel } from "../brownian/mod.ts";
import { digestParams, randomStream } from "../core/mod.ts";
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
import type { Command } from "./main.ts";
import { openRun } from "./open_run.ts";
import { helpText, UsageError } from "./options.ts";
import { type PartProgress, partProgress } from "./part_progress.ts";
import { secondEmbedder } from "./second_embedder.ts";
import { startEngine } from "./start_engine.ts";

const summary = "Sample people who are nobody, away from real ones";

/** Runs `outis identities`. */
export const identitiesCommand: Command = {
  summary,
  async run(args, signal) {
    const request = identitiesRequest(args);
    const { options, algorithm, hasVariations, distance, pull } = request;
    if (options.help) {
      const usage = "deno task outis identities [options]";
      console.log(helpText(usage, summary, identitiesTable));
      return 0;
    }
    const { out = "runs/identities", count = 20, seed = 0 } = options;
    const { steps = 40, variations: n = 8, refine } = options;
    const samplingSteps = options["sampling-steps"] ?? 8;
    const say = (line: string) => console.error(line);
    const engine = await startEngine({ ...options, signal, onLine: say });
    const place = options.prior ?? priorUrl();
    const prior = await badInput(() => loadGenerator(place));
    const network = await badInput(async () =>
      await loadAuditor(place) ?? missing(place)
    );
    const display = partProgress();
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
      display.end();
      await run.finish();
      console.log(report);
      return 0;
    } catch (error) {
      display.end();
      if (signal.aborted) say("Stopped. The same command goes on from here.");
      throw error instanceof RangeError ? new UsageError(error.message) : error;
    } finally {
      prior.dispose();
    }
  },
};

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
