// The output of the demo: progress, the table of a run, the boxes of a picture.
import type { Detection } from './box.ts';
import type { SceneRun } from './run-scene.ts';

/** Returns a table with a line under its head and its numbers aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string => cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ');
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** The one row that a run over the scene comes to. */
export function runTable({ frames, seconds, latencies, boxes, meanIou }: SceneRun): string {
  const row = [
    String(frames),
    (frames / seconds).toFixed(1),
    quantile(latencies, 0.5).toFixed(2),
    quantile(latencies, 0.99).toFixed(2),
    `${boxes.found} of ${boxes.known}`,
    meanIou.toFixed(4),
    String(boxes.extra),
  ];
  return table(['frames', 'frames/s', 'p50 ms', 'p99 ms', 'boxes found', 'mean IoU', 'extra boxes'], [row]);
}

/** The boxes of one picture, every number exactly as the model sent it. */
export function boxTable(boxes: readonly Detection[]): string {
  const rows = boxes.map((box) => [box.x, box.y, box.width, box.height, box.score, box.class].map(String));
  return table(['x', 'y', 'width', 'height', 'score', 'class'], rows);
}

/** The value below which a share of the values lies, by the nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** A line that is written over, on a terminal; five lines in all otherwise. */
export function progress(done: number, total: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\rframe ${done} of ${total}${done === total ? '\n' : ''}`);
  else if (done % Math.ceil(total / 5) === 0) process.stderr.write(`frame ${done} of ${total}\n`);
}
