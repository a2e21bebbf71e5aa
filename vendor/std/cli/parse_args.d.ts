// Types of what `deno-std/cli/parse_args.js` exports: the part of
// `jsr:@std/cli/parse-args` that flat option names need (no dotted names, no
// `boolean: true`).

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions<
  B extends string = string,
  S extends string = string,
  C extends string = string,
> {
  /** Put everything after `--` into the property `--`. @default false */
  "--"?: boolean;
  /** Other names of an option. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Options without a value; absent means false. */
  boolean?: B | readonly B[];
  /** Options whose value stays text. */
  string?: S | readonly S[];
  /** Options that may be given several times. */
  collect?: C | readonly C[];
  /** Booleans that may be written `--no-name`. */
  negatable?: string | readonly string[];
  /** Values of options that are not given. */
  default?: { readonly [name: string]: unknown };
  /** Stop at the first argument that is no option. @default false */
  stopEarly?: boolean;
  /** Called with everything not named above; false leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

type Value<N extends string, V, D> = N extends keyof D ? V | D[N] : V;

type Absent<N extends string, V, D> = N extends keyof D ? V | D[N]
  : V | undefined;

/** What {@linkcode parseArgs} returns. */
export type Args<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  D = unknown,
> =
  & { [name: string]: unknown; _: (string | number)[] }
  & { [N in Exclude<B, C>]: Value<N, boolean, D> }
  & { [N in Exclude<S, C>]: Absent<N, string, D> }
  & { [N in S & C]: Value<N, string[], D> }
  & { [N in B & C]: Value<N, boolean[], D> }
  & { [N in Exclude<C, B | S>]: Value<N, unknown[], D> };

/**
 * Reads command-line arguments.
 *
 * @param args The arguments, as in `Deno.args`.
 * @param options Which options there are.
 * @returns The value of each option, and the other arguments in `_`.
 */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
  const D extends { readonly [name: string]: unknown } = Record<never, never>,
>(
  args: string[],
  options?: Omit<ParseOptions<B, S, C>, "default"> & { default?: D },
): Args<B, S, C, D>;
