/**
 * The drill as one picture, drawn from its data: a lane per cell, commands under way as its area, a
 * mark for each fault, and the counters of the closing line beneath.
 */
import type { CellResult, FaultDone } from './cell-result.ts'
import { foundIn, struckOf, sumOf } from './tallies.ts'

const WIDTH = 960
const LEFT = 156
const RIGHT = 20
const TOP = 64
const LANE = 46
const GAP = 10
const FOOT = 96

const STYLE = `
svg { --ground: #ffffff; --ink: #1d2433; --quiet: #667085; --line: #d7dce5; --area: #b9d3f5;
  --edge: #3b78c9; --kill: #c22f2f; --freeze: #7247b8; --lose: #b46a00; --other: #16785c;
  font: 12px ui-sans-serif, system-ui, sans-serif; background: var(--ground); }
@media (prefers-color-scheme: dark) { svg { --ground: #12161f; --ink: #e7ebf3; --quiet: #98a2b3;
  --line: #2d3646; --area: #24405f; --edge: #79adee; --kill: #ff7b72; --freeze: #b794f4;
  --lose: #f0b04f; --other: #4fc59f; } }
text { fill: var(--ink); } .quiet { fill: var(--quiet); } .line { stroke: var(--line); }
.area { fill: var(--area); stroke: var(--edge); stroke-width: 1; }
.kill { stroke: var(--kill); } .freeze { stroke: var(--freeze); } .lose { stroke: var(--lose); }
.other { stroke: var(--other); } .mark { stroke-width: 1.6; } .number { font-size: 22px;
  font-weight: 600; } .title { font-size: 16px; font-weight: 600; }`

/** An SVG that stands by itself, for light and dark. @param line the closing line, for the alt */
export function drillPicture(results: readonly CellResult[], line: string): string {
  const endMs = Math.max(1, ...results.map(({ seconds }) => seconds * 1_000))
  const x = (ms: number) => LEFT + (ms / endMs) * (WIDTH - LEFT - RIGHT)
  const height = TOP + results.length * (LANE + GAP) + FOOT
  const lanes = results.map((result, at) => lane(result, { top: TOP + at * (LANE + GAP), x }))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(line)}</title><style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${height}" fill="var(--ground)"/>`,
    text(16, 28, 'A drill on real engines: commands under way while faults strike', 'title'),
    legend(48),
    ...lanes,
    axis(endMs, { y: TOP + results.length * (LANE + GAP), x }),
    counters(results, height - 34),
    '</svg>',
    '',
  ].join('\n')
}

interface Place {
  readonly top: number
  readonly x: (ms: number) => number
}

function lane({ name, faults, samples, seconds }: CellResult, { top, x }: Place): string {
  const bottom = top + LANE
  const most = Math.max(4, ...samples.map(({ open }) => open))
  const y = (open: number) => bottom - (open / most) * (LANE - 14)
  const points = samples.map(({ atMs, open }) => `${x(atMs).toFixed(1)},${y(open).toFixed(1)}`)
  const [from, to] = [x(0).toFixed(1), x(seconds * 1_000).toFixed(1)]
  return [
    text(16, top + 22, name),
    text(16, top + 38, `${struckOf(faults).length} faults, ${most} open`, 'quiet'),
    `<line class="line" x1="${from}" x2="${to}" y1="${bottom}" y2="${bottom}"/>`,
    `<polygon class="area" points="${from},${bottom} ${points.join(' ')} ${to},${bottom}"/>`,
    ...struckOf(faults).map((fault) => mark(fault, { top, x })),
  ].join('')
}

/** At the moment when the fault was over, or had struck. */
function mark({ id, toMs }: FaultDone, { top, x }: Place): string {
  const at = x(toMs).toFixed(1)
  const [title, kind] = [`<title>${escaped(id)}</title>`, kindOf(id)]
  return tick(kind, { x: at, top, bottom: top + 11 }, title)
}

interface Tick {
  readonly x: string
  readonly top: number
  readonly bottom: number
}

function tick(kind: string, { x, top, bottom }: Tick, inside = ''): string {
  const ends = `x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"`
  return `<line class="mark ${kind}" ${ends}>${inside}</line>`
}

const KINDS = ['kill', 'freeze', 'lose', 'other'] as const

function kindOf(id: string): (typeof KINDS)[number] {
  return KINDS.find((kind) => id.startsWith(kind)) ?? 'other'
}

const KIND_WORDS = {
  kill: 'killed −9',
  freeze: 'frozen and thawed',
  lose: 'answer lost',
  other: 'network, Meta, brokers, primaries, clocks, poison',
} as const

function legend(y: number): string {
  let at = 16
  return KINDS.map((kind) => {
    const from = at
    at += 26 + KIND_WORDS[kind].length * 6.4
    return (
      tick(kind, { x: String(from), top: y - 10, bottom: y + 1 }) +
      text(from + 8, y, KIND_WORDS[kind], 'quiet')
    )
  }).join('')
}

function axis(endMs: number, { y, x }: { readonly y: number; readonly x: Place['x'] }): string {
  const stepMs =
    [30, 60, 120, 300, 600].map((s) => s * 1_000).find((ms) => endMs / ms < 9) ?? 1_200_000
  const steps = Array.from({ length: Math.floor(endMs / stepMs) + 1 }, (_, at) => at * stepMs)
  return steps.map((ms) => text(x(ms), y + 8, `${ms / 1_000} s`, 'quiet')).join('')
}

function counters(results: readonly CellResult[], y: number): string {
  const found = results.flatMap(({ findings }) => findings)
  const sum = (of: (result: CellResult) => number) => sumOf(results, of)
  const numbers: readonly (readonly [string, number])[] = [
    ['faults', sum(({ faults }) => struckOf(faults).length)],
    ['commands', sum(({ commands }) => commands.total)],
    ['exposed', sum(({ exposed }) => exposed)],
    ['lost', foundIn(found, 'lost')],
    ['doubled', foundIn(found, 'doubled')],
    ['false verdicts', foundIn(found, 'false verdicts')],
    ['unfinished', foundIn(found, 'unfinished')],
    ['in doubt', sum(({ commands }) => commands.inDoubt)],
  ]
  const step = (WIDTH - 32) / numbers.length
  return numbers
    .map(([word, number], at) => {
      const left = 16 + at * step
      return text(left, y, String(number), 'number') + text(left, y + 18, word, 'quiet')
    })
    .join('')
}

function text(x: number, y: number, words: string, kind = 'plain'): string {
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${y}">${escaped(words)}</text>`
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
