/**
 * The style sheet of the report: quiet type, pictures as wide as the page, light, dark and on paper.
 *
 * @module
 */
import { darkTheme, lightTheme, sansSerif, type Theme } from "./theme.ts";

function variables(theme: Theme): string {
  return Object.entries(theme).map(([name, color]) => `--${name}: ${color};`)
    .join(" ");
}

/** CSS of pictures and tables, in a report and in a notebook; colours are variables. */
export const partsStyle: string = `
figure { margin: 1.5rem 0 0; }
figcaption { max-width: 44rem; font-size: .875rem; line-height: 1.45; color: var(--muted); text-wrap: pretty; }
figcaption b { display: block; font-size: .9375rem; font-weight: 600; color: var(--ink); }
/* A shade at the right edge while there is more to scroll to: its cover moves with the content. */
.scroll {
  position: relative; overflow-x: auto;
  background: linear-gradient(to left, var(--paper) 50%, transparent) right / 2.5rem 100% no-repeat local, linear-gradient(to left, var(--rule), transparent) right / .6rem 100% no-repeat scroll;
}

.pictures table { border-collapse: separate; border-spacing: 0; }
.pictures th, .pictures td { padding: 0 .375rem .375rem 0; vertical-align: top; font-weight: 400; text-align: left; }
.pictures tbody th { width: 7.5rem; padding-right: 1rem; vertical-align: middle; font-size: .875rem; line-height: 1.3; }
.pictures thead th { font-size: .8125rem; color: var(--muted); overflow-wrap: anywhere; }
.pictures td, .pictures thead th { width: calc(var(--width) + .375rem); min-width: calc(var(--width) / 2 + .375rem); }
.pictures img { display: block; width: 100%; height: auto; border-radius: 3px; background: var(--surface); }
.pictures .pixels { image-rendering: pixelated; }
.pictures small { display: block; font-size: .75rem; line-height: 1.4; color: var(--muted); font-variant-numeric: tabular-nums; }
.pictures figcaption { margin-top: .5rem; }

.numbers table { border-collapse: collapse; min-width: min(100%, 36rem); font-size: .9375rem; line-height: 1.4; }
.numbers figcaption { margin-bottom: .6rem; }
.numbers th, .numbers td { padding: .4rem 1.25rem .4rem 0; font-weight: 400; vertical-align: baseline; }
.numbers th:last-child, .numbers td:last-child { padding-right: .75rem; }
.numbers .left { text-align: left; }
.numbers .right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.numbers thead th { font-size: .8125rem; color: var(--muted); vertical-align: bottom; border-bottom: 1px solid var(--rule); }
.numbers tbody tr + tr > * { border-top: 1px solid var(--grid); }
.numbers tbody tr:last-child > * { border-bottom: 1px solid var(--rule); }
.numbers tbody th { min-width: 8.5rem; }
.numbers strong { font-weight: 650; }
.numbers .error { color: var(--muted); }
.numbers sup { position: absolute; padding-left: .1em; font-size: .6875rem; line-height: 1; color: var(--accent); }
.numbers ol { margin: .5rem 0 0; padding-left: 1.2rem; max-width: 44rem; font-size: .8125rem; color: var(--muted); }
.share { display: inline-block; min-width: 6rem; padding-bottom: 3px; background: linear-gradient(var(--accent), var(--accent)) right bottom / calc(100% * var(--share)) 2px no-repeat; }
`;

/** CSS of a report page, both themes included. */
export const reportStyle: string = `
:root { color-scheme: light dark; ${variables(lightTheme)} }
@media (prefers-color-scheme: dark) { :root { ${variables(darkTheme)} } }
@media print { :root { color-scheme: light; ${variables(lightTheme)} } }
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3.5rem 2rem 4rem; max-width: 68rem;
  background: var(--paper); color: var(--ink);
  font: 16px/1.55 ${sansSerif}; -webkit-text-size-adjust: 100%;
}
h1, h2 { font-weight: 650; line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 2.125rem; }
h2 { margin: 0 0 .5rem; font-size: 1.375rem; }
p { margin: 0 0 1rem; max-width: 44rem; text-wrap: pretty; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
ul { margin: 0; padding-left: 1.1rem; max-width: 44rem; }
li + li { margin-top: .35rem; }
.subtitle { margin: .6rem 0 0; font-size: 1.125rem; color: var(--muted); }
.facts {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .9rem 2rem;
  margin: 1.75rem 0 0; padding: 1.1rem 0 0; border-top: 1px solid var(--rule);
}
.facts dt { font-size: .8125rem; color: var(--muted); }
.facts dd { margin: 0; font-size: .9375rem; line-height: 1.4; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: 1.5rem; font-size: .875rem; }
nav a:not(:hover) { text-decoration: none; }
section { margin-top: 3.25rem; }
${partsStyle}

.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 2.5rem; }
/* Captions of a row have one height, and figures begin on one line. */
.plot { display: grid; grid-row: span 2; grid-template-rows: subgrid; min-width: 0; }
.canvas { position: relative; margin-top: .5rem; min-width: 0; }
.canvas .thumbnail { border: 1px solid var(--rule); border-radius: 3px; background: var(--surface); }
@media screen and (prefers-color-scheme: dark) { .canvas .trace, .canvas .traces { filter: brightness(1.15); } }

details { margin-top: 3.25rem; border-top: 1px solid var(--rule); padding-top: 1rem; }
summary { cursor: pointer; font-size: .9375rem; }
pre {
  margin: 1rem 0 0; padding: 1rem; max-height: 32rem; overflow: auto; border-radius: 4px; background: var(--surface);
  font: .8125rem/1.5 ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere;
}
footer { margin-top: 2rem; font-size: .8125rem; color: var(--muted); }

@media (max-width: 40rem) {
  body { padding: 2rem 1.125rem 3rem; }
  h1 { font-size: 1.75rem; }
  h2 { font-size: 1.3125rem; }
  ul { margin: 0; padding-left: 1.1rem; max-width: 44rem; }
li + li { margin-top: .35rem; }
.subtitle { font-size: 1rem; }
  .facts { grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .75rem 1.25rem; }
  .pictures table, .pictures thead, .pictures tbody { display: block; }
  .pictures tr { display: grid; grid-template-columns: repeat(var(--columns), minmax(calc(var(--width) / 2 + .375rem), 1fr)); width: fit-content; min-width: 100%; }
  .pictures thead td { display: none; }
  .pictures tbody th { grid-column: 1 / -1; position: sticky; left: 0; width: fit-content; padding: .5rem 0 .3rem; }
  .pictures td, .pictures thead th { width: auto; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  section { margin-top: 1.75rem; }
  h2, h2 + p, .numbers figcaption, .plot figcaption { break-after: avoid; }
  figure, tr, .facts > div { break-inside: avoid; }
  nav, details { display: none; }
  .plots { grid-template-columns: 1fr 1fr; gap: 0 1.5rem; }
  img, .share { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
