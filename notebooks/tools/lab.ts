/**
 * `deno task lab`: JupyterLab in the folder of the notebooks, with the kernel set up.
 *
 * @module
 */
import { setUpJupyter } from "./jupyter.ts";

const { python, env } = await setUpJupyter((line) => console.error(line));
const folder = new URL("../", import.meta.url).pathname;
const lab = new Deno.Command(python, {
  args: [
    "-m",
    "jupyterlab",
    `--ServerApp.root_dir=${folder}`,
    // Running as the only user of a container is no mistake.
    ...(Deno.build.os !== "windows" && Deno.uid() === 0
      ? ["--allow-root"]
      : []),
    ...Deno.args,
  ],
  env,
}).spawn();
// Ctrl-C asks Jupyter, which asks back: it is Jupyter that ends.
Deno.addSignalListener("SIGINT", () => {});
Deno.exit((await lab.status).code);
