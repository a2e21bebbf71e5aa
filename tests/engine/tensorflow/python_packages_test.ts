import { assertEquals } from "@std/assert";
import { pythonPackageFolders } from "../../../src/engine/tensorflow/python_packages.ts";
import { folderOf } from "../../support/fake_library.ts";

Deno.test("pythonPackageFolders() lists the active environment first, newer Pythons first", () => {
  const packages = [
    "venv/lib/python3.8/site-packages",
    "home/.local/lib/python3.12/site-packages",
    "home/.pyenv/versions/3.10.2/lib/python3.10/site-packages",
    "home/.pyenv/versions/3.9.18/lib/python3.9/site-packages",
    "home/.pyenv/versions/3.9.18/lib64/python3.9/site-packages",
  ];
  using folder = folderOf(
    Object.fromEntries(packages.map((path) => [`${path}/readme`, ""])),
  );
  const variables: Record<string, string> = {
    VIRTUAL_ENV: `${folder.path}/venv`,
    HOME: `${folder.path}/home`,
  };
  const found = pythonPackageFolders({
    os: "linux",
    environment: (name) => variables[name],
  });
  assertEquals(
    found.filter((path) => path.startsWith(folder.path)),
    packages.map((path) => `${folder.path}/${path}`),
  );
});

Deno.test("pythonPackageFolders() knows where macOS keeps the user's packages", () => {
  using folder = folderOf({
    "Library/Python/3.9/lib/python/site-packages/readme": "",
  });
  const found = pythonPackageFolders({
    os: "darwin",
    environment: (name) => name === "HOME" ? folder.path : undefined,
  });
  assertEquals(
    found[0],
    `${folder.path}/Library/Python/3.9/lib/python/site-packages`,
  );
});
