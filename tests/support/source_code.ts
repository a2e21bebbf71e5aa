/** A module that a source file names. */
export interface Import {
  /** What it is called by; undefined if it is computed at run time. */
  specifier: string | undefined;
  /** Line it stands on, from 1. */
  line: number;
}

/**
 * Blanks out everything in TypeScript that is no code: comments, and what
 * stands inside strings, templates and regular expressions. Lengths and lines
 * stay, so that what is found can be looked up in the source.
 *
 * @param source TypeScript.
 * @returns The same length of text, code only.
 */
export function codeOf(source: string): string {
  const out = [...source.split("")];
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " ";
  };
  // Depths of braces at which a template goes on behind `${ }`.
  const templates: number[] = [];
  let depth = 0;
  let i = 0;
  const template = () => {
    const start = i;
    while (i < source.length && source[i] !== "`") {
      if (source.startsWith("${", i)) {
        blank(start, i);
        templates.push(depth++);
        i += 2;
        return;
      }
      i += source[i] === "\\" ? 2 : 1;
    }
    blank(start, i++);
  };
  while (i < source.length) {
    const character = source[i];
    if (source.startsWith("//", i)) {
      const end = ending(source, "\n", i);
      blank(i, end);
      i = end;
    } else if (source.startsWith("/*", i)) {
      const end = ending(source, "*/", i + 2) + 2;
      blank(i, end);
      i = end;
    } else if (character === '"' || character === "'") {
      const start = ++i;
      while (i < source.length && source[i] !== character) {
        i += source[i] === "\\" ? 2 : 1;
      }
      blank(start, i++);
    } else if (character === "`") {
      i++;
      template();
    } else if (character === "/" && startsExpression(out, i)) {
      const start = ++i;
      for (let inClass = false; i < source.length; i++) {
        if (source[i] === "\\") i++;
        else if (source[i] === "[") inClass = true;
        else if (source[i] === "]") inClass = false;
        else if (source[i] === "/" && !inClass) break;
      }
      blank(start, i++);
    } else {
      if (character === "{") depth++;
      if (character === "}") depth--;
      i++;
      if (character === "}" && templates.at(-1) === depth) {
        templates.pop();
        template();
      }
    }
  }
  return out.join("").slice(0, source.length);
}

function ending(source: string, end: string, from: number): number {
  const at = source.indexOf(end, from);
  return at < 0 ? source.length : at;
}

/** Whether a slash begins a regular expression, by what stands before it. */
function startsExpression(code: string[], at: number): boolean {
  let i = at - 1;
  while (i >= 0 && /\s/.test(code[i])) i--;
  if (i < 0) return true;
  const before = code.slice(Math.max(0, i - 10), i + 1).join("");
  return /[(,=:[!&|?{};+\-*%~^<>]$/.test(before) ||
    /\b(return|typeof|case|in|of|do|else|void|delete|await|yield)$/
      .test(before);
}

const STATEMENT = /\b(?:import|export)\b(?=[\s{*"'])[^;()"'=]*?["']/g;
const CALL = /\bimport\s*\(\s*/g;

/**
 * Lists the modules a source names: `import` and `export … from`, values and
 * types, `import()` as an expression and as a type.
 *
 * @param source TypeScript.
 * @returns The imports, in no particular order.
 */
export function importsOf(source: string): Import[] {
  const code = codeOf(source);
  const at = (open: number): Import => {
    const close = code.indexOf(code[open], open + 1);
    return {
      specifier: source.slice(open + 1, close),
      line: lineOf(source, open),
    };
  };
  const statements = Array.from(code.matchAll(STATEMENT))
    .filter(([text]) => /\bfrom\s*["']$|\bimport\s*["']$/.test(text))
    .map((match) => at(match.index + match[0].length - 1));
  const calls = Array.from(code.matchAll(CALL)).map((match) => {
    const open = match.index + match[0].length;
    const end = code.indexOf(code[open], open + 1);
    const isLiteral = /["']/.test(code[open] ?? "") &&
      /^\s*[,)]/.test(code.slice(end + 1));
    return isLiteral
      ? at(open)
      : { specifier: undefined, line: lineOf(source, match.index) };
  });
  return [...statements, ...calls];
}

/**
 * Tells the line of a position.
 *
 * @param source Any text.
 * @param index Position in it.
 * @returns The line, from 1.
 */
export function lineOf(source: string, index: number): number {
  return source.slice(0, index).split("\n").length;
}
