/**
 * `outis study-identities`: what new identities are worth to a recogniser, over seeds.
 *
 * @module
 */
import {
  digestGenerator,
  identityStudyPage,
  studyIdentities,
} from "../stages/mod.ts";
import { identityStudies } from "./identity_study_presets.ts";
import { type Command, defineCommand } from "./command.ts";
import { openRun } from "./open_run.ts";
import { engineOptions } from "./setup_command.ts";
import { loadPrior } from "./load_prior.ts";
import { processorTime, readNotes, writeStudy } from "./study_files.ts";
import { priorOption, studyOptions, studyPlan } from "./study_options.ts";

/** Seconds of a seed on the machine of reference. */
const SECONDS: { [preset: string]: number } = { tiny: 30, small: 200 };

/** Runs `outis study-identities`. */
export const studyIdentitiesCommand: Command = defineCommand({
  name: "study-identities",
  task: "study:identities",
  group: "The paper's tables, and studies",
  summary:
    "Train recognisers on people who are nobody, and write the results page",
  about:
    "Makes identities at random and by Langevin, Dispersion and DisCo, trains a recogniser on each set, and judges all on procedural people none of them has seen.",
  examples: [
    { args: "", does: "three seeds; data/results/identities.md" },
    {
      args: "--preset tiny --seeds 2 --results /tmp/trial",
      does: "a look at every part, elsewhere",
    },
  ],
  options: {
    ...studyOptions({
      files: "identities",
      run: "runs/study-identities",
      presets: Object.keys(identityStudies),
      seeds: 3,
      least: 2,
    }),
    prior: priorOption,
    ...engineOptions,
  },
  plans: true,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const { options, signal, display } = call;
    const { preset = "small", seeds: count = 3 } = options;
    const { out = "runs/study-identities", results = "data/results" } = options;
    const settings = {
      ...identityStudies[preset],
      seeds: Array.from({ length: count }, (_, seed) => seed),
    };
    const engine = await call.engine();
    const { prior, auditor } = await loadPrior(
      "study identities",
      options.prior,
    );
    await call.announce(studyPlan({
      does:
        `Makes ${settings.identities} identities in ${settings.arms.length} ways and trains a recogniser on each`,
      seeds: count,
      seconds: SECONDS[preset],
      out,
    }));
    using run = await openRun(out, {
      configuration: {
        settings: JSON.parse(JSON.stringify(settings)),
        generator: await digestGenerator(prior),
      },
      engine,
      versions: { ...Deno.version },
    });
    try {
      const measured = await studyIdentities({
        prior,
        auditor,
        settings,
        run,
        now: processorTime,
        signal,
        onStep: display.step,
      });
      const page = identityStudyPage({
        results: measured,
        settings,
        command: call.printed(),
        engine: `${engine.name} ${engine.version}`,
        ...await readNotes(results, "identities"),
      });
      await run.finish();
      return await writeStudy(results, "identities", page);
    } finally {
      prior.dispose();
    }
  },
});
