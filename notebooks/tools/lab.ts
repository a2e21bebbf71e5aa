/**
 * `deno task lab`: JupyterLab in the folder of the notebooks, with the kernel set up.
 *
 * @module
 */
import { setUpJupyter } from "./jupyter.ts";

const { python, env } = await setUpJupyter((line) => console.error(line));
const lab = new Deno.Command(python, {
  args: [
    "-m",
    "jupyterlab",
    // It would ask the network for news and for newer versions.
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    // Running as the only user of a container is no mistake.
    ...(Deno.build.os !== "windows" && Deno.uid() === 0
      ? ["--allow-root"]
      : []),
    ...Deno.args,
  ],
  cwd: new URL("../", import.meta.url),
  env,
}).spawn();
// Ctrl-C asks Jupyter, which asks back: it is Jupyter that ends.
Deno.addSignalListener("SIGINT", () => {});
if (Deno.build.os !== "windows") {
  Deno.addSignalListener("SIGTERM", () => lab.kill("SIGTERM"));
}
Deno.exit((await lab.status).code);
