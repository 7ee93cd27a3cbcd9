import pc from 'picocolors'

/** A place to write to: a stream of the process, or a list in tests. */
export interface Sink {
  write(text: string): unknown
}

export interface OutputOptions {
  readonly stdout: Sink
  readonly stderr: Sink
  readonly json: boolean
  /** Whether stdout and stderr may carry colours. */
  readonly colours: { readonly stdout: boolean; readonly stderr: boolean }
}

type Mark = 'good' | 'bad' | 'open'

/** Data goes to stdout, talk to stderr, so that a pipe carries data alone. */
export interface Output {
  readonly json: boolean
  /** One answer: one line of JSON with `--json`, else lines for people. */
  data(value: unknown, forPeople: (style: Style) => readonly string[]): void
  /** Talk: progress, hints. Not data, so it may change. */
  say(line: string): void
  /** What to type next. */
  next(command: string): void
}

export interface Style {
  bold(text: string): string
  dim(text: string): string
  /** A sign before a verdict, which reads the same without colours: ✔ ✖ … */
  marked(mark: Mark, text: string): string
}

export function createOutput({ stdout, stderr, json, colours }: OutputOptions): Output {
  const style = createStyle(colours.stdout)
  const talk = createStyle(colours.stderr)
  return {
    json,
    data: (value, forPeople) => {
      const lines = json ? [JSON.stringify(value, plain)] : forPeople(style)
      for (const line of lines) stdout.write(`${line}\n`)
    },
    say: (line) => void stderr.write(`${line}\n`),
    next: (command) => void stderr.write(`${talk.dim('next:')} ${command}\n`),
  }
}

export function createStyle(hasColours: boolean): Style {
  const { bold, dim, green, red, yellow } = pc.createColors(hasColours)
  const marks = { good: green('✔'), bad: red('✖'), open: yellow('…') }
  return { bold, dim, marked: (mark, text) => `${marks[mark]} ${text}` }
}

function plain(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
