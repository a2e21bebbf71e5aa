import { assertEquals } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { groupsOf, joinGroups } from "../../src/stages/state_groups.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("groups come back as they went in, but the empty ones", () => {
  tf.tidy(() => {
    const [a, b] = [tf.scalar(1), tf.scalar(2)];
    const groups = { weights: { "x.y": a }, "good optimizer": { "m/x.y": b } };
    const state = joinGroups({ ...groups, statistics: {} });
    assertEquals(Object.keys(state), ["weights/x.y", "good optimizer/m/x.y"]);
    assertEquals(groupsOf(state), groups);
  });
}, { backends: ["wasm"] });
