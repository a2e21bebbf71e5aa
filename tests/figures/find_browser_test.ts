import { assertEquals, assertRejects } from "@std/assert";
import { findBrowser } from "../../src/figures/find_browser.ts";

Deno.test("findBrowser() takes the first file, and no folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/second`, "");
    await Deno.writeTextFile(`${folder}/third`, "");
    const places = [
      "/nowhere/first",
      folder,
      `${folder}/second`,
      `${folder}/third`,
    ];
    assertEquals(await findBrowser(places), `${folder}/second`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("findBrowser() says what is missing where there is none", async () => {
  await assertRejects(
    () => findBrowser(["/nowhere/first"]),
    Deno.errors.NotFound,
    "'browser' must be the path of Chromium or Chrome where none is in a usual place",
  );
});
