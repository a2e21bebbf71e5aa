/**
 * Progress of long work: a bar that redraws itself on a terminal, plain lines
 * now and then elsewhere. No colours, so that there is nothing to turn off.
 *
 * @module
 */
import { environment } from "../engine/environment.ts";

/** Options of {@linkcode progress}. */
export interface ProgressOptions {
  /** Writes text as it is, without a line end. @default to standard error */
  write?: (text: string) => void;
  /** Whether lines can be redrawn. @default whether standard error can, outside CI */
  isTerminal?: boolean;
  /** Time in ms from any fixed moment. @default performance.now */
  now?: () => number;
  /** What is counted, as in "MB". @default "" */
  unit?: string;
  /** How much was done before, where work is resumed. @default 0 */
  from?: number;
  /** Least time between plain lines, in ms. @default 5000 */
  plainInterval?: number;
  /** Width of the terminal in characters. @default its width at the moment, or 80 */
  columns?: number;
}

/** A running display, made by {@linkcode progress}. */
export interface Progress {
  /**
   * Shows how far the work is, unless the display changed a moment ago.
   *
   * @param done How much is done, in the units of the total.
   * @param note Short text to show beside, as in a loss.
   */
  update(done: number, note?: string): void;
  /**
   * Ends the display with a line that stays. Later calls do nothing.
   *
   * @param note Short text for this line.
   */
  done(note?: string): void;
}

/** Least time between two drawings on a terminal, in ms. */
const REDRAW_INTERVAL = 100;
/** When the first plain line comes, in ms: short work shows none. */
const FIRST_PLAIN = 2000;
/** A plain line comes when so much more is done, */
const PLAIN_SHARE = 0.1;
/** or after so long, in ms. */
const LONGEST_SILENCE = 60_000;
const BAR_WIDTH = 24;
/** Below this width the numbers are worth more than the bar. */
const LEAST_COLUMNS_FOR_BAR = 64;

/**
 * Starts to show the progress of some work.
 *
 * On a terminal one line with a bar, the rate and the time left, redrawn at
 * most ten times a second; elsewhere a plain line after 2 s, and then one for
 * every 10 % or every minute, at most every 5 s, so that logs stay short.
 *
 * @param label What is being done, as in "Reinforce".
 * @param total How much there is to do; 0 if that is not known.
 * @param options Where and how to show it.
 * @returns The display.
 *
 * @example
 * ```ts
 * import { progress } from "./progress.ts";
 *
 * const bar = progress("Count", 3, { write: () => {}, isTerminal: true });
 * for (let i = 1; i <= 3; i++) bar.update(i);
 * bar.done();
 * ```
 */
export function progress(
  label: string,
  total: number,
  options: ProgressOptions = {},
): Progress {
  const {
    write = writeError,
    isTerminal = canRedraw(),
    now = () => performance.now(),
    unit = "",
    from = 0,
    plainInterval = 5000,
  } = options;
  // Asked for each time: a window may be made narrower meanwhile.
  const columns = () => options.columns ?? terminalColumns();
  const started = now();
  let drawn = isTerminal ? -Infinity : started + FIRST_PLAIN - plainInterval;
  let told = -Infinity;
  let current = from;
  let isOpen = true;

  const measures = (elapsed: number): string => {
    const share = total > 0 ? ` ${Math.floor(100 * current / total)} %` : "";
    const count = total > 0 ? `${current}/${total}` : `${current}`;
    const gained = current - from;
    const rate = gained > 0 && elapsed > 0 ? 1000 * gained / elapsed : 0;
    const left = rate > 0 && total > current
      ? `, ${duration((total - current) / rate)} left`
      : "";
    const speed = rate > 0 ? `, ${figures(rate)}${unit && ` ${unit}`}/s` : "";
    return `${count}${unit && ` ${unit}`}${share}${speed}${left}`;
  };
  const draw = (text: string, end: string) => {
    if (!isTerminal) return write(`${text}${end}`);
    // The last column is left free: writing there makes some terminals wrap.
    write(`\r${text.slice(0, Math.max(0, columns() - 1))}\x1b[K${end}`);
  };
  const isDue = (time: number): boolean => {
    const since = time - drawn;
    if (isTerminal) return since >= REDRAW_INTERVAL;
    if (since < plainInterval) return false;
    return total === 0 || since >= LONGEST_SILENCE ||
      (current - told) / total >= PLAIN_SHARE;
  };

  return {
    update(done: number, note?: string): void {
      if (!isOpen) return;
      current = done;
      const time = now();
      if (!isDue(time)) return;
      drawn = time;
      told = current;
      const hasBar = isTerminal && total > 0 &&
        columns() >= LEAST_COLUMNS_FOR_BAR;
      const bar = hasBar ? `${barOf(current / total)} ` : "";
      const text = `${label} ${bar}${measures(time - started)}`;
      draw(note ? `${text}  ${note}` : text, isTerminal ? "" : "\n");
    },
    done(note?: string): void {
      if (!isOpen) return;
      isOpen = false;
      const took = duration((now() - started) / 1000);
      const text = `${label}: ${note ? `${note}, ` : ""}${took}`;
      draw(text, "\n");
    },
  };
}

function barOf(share: number): string {
  const filled = Math.round(BAR_WIDTH * Math.min(1, Math.max(0, share)));
  return `[${"=".repeat(filled)}${" ".repeat(BAR_WIDTH - filled)}]`;
}

/**
 * Writes a time span as people say it.
 *
 * @param seconds Length in s.
 * @returns As in "0.4 s", "42 s", "3 min 05 s", "2 h 07 min".
 *
 * @example
 * ```ts
 * import { duration } from "./progress.ts";
 *
 * duration(185); // "3 min 05 s"
 * ```
 */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => `${Math.floor(value)}`.padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two((whole % 3600) / 60)} min`;
}

/** Three figures at most, never an exponent. */
function figures(value: number): string {
  return value >= 100 ? value.toFixed(0) : Number(value.toPrecision(2)) + "";
}

function writeError(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    at += Deno.stderr.writeSync(bytes.subarray(at));
  }
}

/** Logs of CI keep every line that a terminal would redraw, and a dumb terminal cannot. */
function canRedraw(): boolean {
  return Deno.stderr.isTerminal() && environment("CI") === undefined &&
    environment("TERM") !== "dumb";
}

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80; // no terminal
  }
}
