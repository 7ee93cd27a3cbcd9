/**
 * The kept runs of one benchmark as a picture, drawn from their data: for each question a line with
 * its goal, and on it the interval of every run, with that of its control beneath.
 */
import type { Ratio } from '../measure/median-ratio.ts'
import { type Answer, aimed, type Run, told } from './run.ts'

const WIDTH = 960
const LEFT = 24
const RIGHT = 24
const TOP = 66
const HEAD = 34
const LANE = 20
const GAP = 14
const FOOT = 34
const TICKS = [0.1, 0.2, 0.5, 1, 1.5, 2, 3, 5, 10, 20, 50, 100]

const STYLE = `
svg { --ground: #ffffff; --ink: #1d2433; --quiet: #667085; --line: #d7dce5; --reached: #16785c;
  --missed: #c22f2f; --open: #b46a00; --void: #98a2b3; --told: #3b78c9;
  font: 12px ui-sans-serif, system-ui, sans-serif; background: var(--ground); }
@media (prefers-color-scheme: dark) { svg { --ground: #12161f; --ink: #e7ebf3; --quiet: #98a2b3;
  --line: #2d3646; --reached: #4fc59f; --missed: #ff7b72; --open: #f0b04f; --void: #667085;
  --told: #79adee; } }
text { fill: var(--ink); } .quiet { fill: var(--quiet); } .title { font-size: 16px;
  font-weight: 600; } .line { stroke: var(--line); } .goal { stroke: var(--ink);
  stroke-dasharray: 3 3; } .bar { stroke-width: 5; stroke-linecap: round; }
.control { stroke: var(--line); stroke-width: 3; } .reached { stroke: var(--reached); }
.missed { stroke: var(--missed); } .open { stroke: var(--open); } .void { stroke: var(--void); }
.told { stroke: var(--told); } circle { fill: var(--ground); stroke: var(--ink); }`

/** An SVG that stands by itself, for light and dark. @param runs of one benchmark, at least one */
export function benchmarkPicture(runs: readonly Run[]): string {
  const [{ benchmark = '', sentence = '', answers: asked = [] } = {}] = runs
  const x = scaleOf(runs)
  const tall = HEAD + runs.length * LANE + GAP
  const height = TOP + asked.length * tall + FOOT
  const groups = asked.map((_, at) => group(runs, at, { top: TOP + at * tall, x }))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(`${benchmark}: ${sentence}`)}</title><style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${height}" fill="var(--ground)"/>`,
    text(LEFT, 28, sentence, 'title'),
    text(
      LEFT,
      48,
      'Each bar is the 95 % interval of one run; beneath it that of its control',
      'quiet',
    ),
    axis(x, { top: TOP, bottom: height - FOOT }),
    ...groups,
    '</svg>',
    '',
  ].join('\n')
}

type X = (ratio: number) => number

/** Logarithmic, so that twice as much and half as much look alike. */
function scaleOf(runs: readonly Run[]): X & { readonly ticks: readonly number[] } {
  const answers = runs.flatMap((run) => run.answers)
  const shown = answers.flatMap(({ ratio, control, question }) => [
    ...[ratio.low, ratio.high, control.low, control.high],
    ...(question.aim === null ? [] : [question.aim]),
  ])
  const [low, high] = [Math.min(0.8, ...shown) * 0.95, Math.max(1.25, ...shown) * 1.05]
  const span = Math.log(high / low)
  const x = (ratio: number) => LEFT + (Math.log(ratio / low) / span) * (WIDTH - LEFT - RIGHT)
  return Object.assign(x, { ticks: TICKS.filter((tick) => low <= tick && tick <= high) })
}

interface Place {
  readonly top: number
  readonly x: X
}

function group(runs: readonly Run[], at: number, { top, x }: Place): string {
  const answers = runs.flatMap(({ answers: given }) => given.slice(at, at + 1))
  const [first] = answers
  if (first === undefined) return ''
  const { aim, name } = first.question
  const goal = aim === null ? '' : `   goal ${aimed(first.question)}`
  const bottom = top + HEAD + runs.length * LANE
  return [
    text(LEFT, top + 16, `${name}${goal}`),
    ...(aim === null ? [] : [line(['goal'], { x1: x(aim), x2: x(aim), y1: top + 22, y2: bottom })]),
    ...answers.map((answer, index) => lane(answer, { top: top + HEAD + index * LANE, x })),
  ].join('')
}

function lane({ ratio, control, word }: Answer, { top, x }: Place): string {
  const title = `<title>${escaped(`${told(ratio)}, control ${told(control)}: ${word}`)}</title>`
  const across = (of: Ratio, y: number) => ({ x1: x(of.low), x2: x(of.high), y1: y, y2: y })
  const dot = `<circle cx="${x(ratio.median).toFixed(1)}" cy="${top}" r="3"/>`
  const bars = line(['control'], across(control, top + 8)) + line(['bar', word], across(ratio, top))
  return `<g>${title}${bars}${dot}</g>`
}

function axis(
  x: ReturnType<typeof scaleOf>,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): string {
  return x.ticks
    .map((tick) => {
      const rule = line(['line'], { x1: x(tick), x2: x(tick), y1: top, y2: bottom })
      return rule + text(x(tick) - 8, bottom + 18, String(tick), 'quiet')
    })
    .join('')
}

type Ends = Readonly<Record<'x1' | 'x2' | 'y1' | 'y2', number>>

function line(kinds: readonly string[], ends: Ends): string {
  const at = Object.entries(ends).map(([name, value]) => `${name}="${value.toFixed(1)}"`)
  return `<line class="${kinds.join(' ')}" ${at.join(' ')}/>`
}

function text(x: number, y: number, words: string, kind = 'plain'): string {
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${y}">${escaped(words)}</text>`
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
