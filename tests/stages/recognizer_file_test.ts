import { assertEquals, assertRejects } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { recognizer, smallRecognizer } from "../../src/models/mod.ts";
import { loadAuditor, saveAuditor } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";

testOnBackends(
  "an auditor comes back from beside its generator, rounded to 11 bits",
  async () => {
    await using folder = await tempFolder();
    const model = recognizer(smallRecognizer({ height: 16, width: 16 }));
    const params = model.init(randomStream(1));
    await saveAuditor(folder.path, { model, params });
    for (const place of [folder.path, new URL(`file://${folder.path}/`)]) {
      const found = (await loadAuditor(place))!;
      assertEquals(found.model.config, model.config);
      assertEquals(
        Object.keys(found.params).sort(),
        Object.keys(params).sort(),
      );
      for (const [name, w] of Object.entries(found.params)) {
        assertClose(w, params[name], 2 ** -11);
      }
      assertEquals(found.head, {});
      tf.dispose(found.params);
    }
    tf.dispose(params);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "loadAuditor() finds none where there is none, and refuses a damaged one",
  async () => {
    await using folder = await tempFolder();
    assertEquals(await loadAuditor(folder.path), undefined);
    assertEquals(await loadAuditor(`${folder.path}/nowhere`), undefined);
    await Deno.writeTextFile(`${folder.path}/auditor.safetensors`, "damaged");
    await assertRejects(() => loadAuditor(folder.path), SyntaxError, "auditor");
  },
  { backends: ["wasm"] },
);
