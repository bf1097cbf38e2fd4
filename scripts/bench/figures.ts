// The bench: medians, and how they read.

import type { Pairs } from './bare/turns.ts'

/** One line: how long Keyhearth takes, how long the bare thing, and what design section 9 aims at. */
/** Of figures that are no time. */
type Unit = 'KiB' | 'MiB'

export interface Figure {
  readonly what: string
  readonly against: string
  readonly oursMs: number
  readonly bareMs: number
  /** Ours over bare, round by round: the middle one, and what the middle half of them lie between. */
  readonly ratio: number
  readonly from: number
  readonly to: number
  readonly aim: string
  /** Of what stands under `Ms` where that is no time. */
  readonly unit?: Unit
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export function figure(what: string, against: string, pairs: Pairs, aim = '', unit?: Unit): Figure {
  const ratios = pairs.ours.map((ours, round) => ours / (pairs.bare[round] ?? Number.NaN))
  return {
    what,
    against,
    oursMs: median(pairs.ours),
    bareMs: median(pairs.bare),
    ratio: median(ratios),
    from: quantile(ratios, 0.25),
    to: quantile(ratios, 0.75),
    aim,
    ...(unit ? { unit } : {}),
  }
}

const amount = (value: number, unit: 'ms' | Unit = 'ms'): string =>
  `${value.toFixed(value < 10 ? 3 : 1)} ${unit}`

const header = ['', 'Keyhearth', 'Against', '', 'Ratio', 'Middle half', 'Aim']

const rows = (figures: readonly Figure[]): string[][] =>
  figures.map(({ what, against, oursMs, bareMs, ratio, from, to, aim, unit }) => [
    what,
    amount(oursMs, unit),
    against,
    amount(bareMs, unit),
    `${ratio.toFixed(2)}x`,
    `${from.toFixed(2)}–${to.toFixed(2)}`,
    aim,
  ])

/** A Markdown table, its columns aligned so that it reads in a terminal as well. */
export function table(figures: readonly Figure[]): string {
  const cells = [header, ...rows(figures)]
  const widths = header.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0), 3),
  )
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = line(widths.map((width) => '-'.repeat(width)))
  const [head, ...body] = cells.map(line)
  return [head, rule, ...body].join('\n')
}

const [start, end] = ['<!-- bench: begin -->', '<!-- bench: end -->']

/** The document with what stands between its marks replaced. @throws Error where it has none */
export function withTable(document: string, text: string): string {
  const [from, to] = [document.indexOf(start), document.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/performance.md has lost its marks ${start}`)
  return `${document.slice(0, from + start.length)}\n\n${text}\n\n${document.slice(to)}`
}
