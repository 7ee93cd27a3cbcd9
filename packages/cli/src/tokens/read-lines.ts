/** A file of tokens as a stream of lines, CSV or JSON; never more than a line of it in memory. */
import { pipeline, Readable } from 'node:stream'
import { member, parseBody } from '@otn/kernel'
import { CsvError, parse } from 'csv-parse'
import { CliError, exitCodes } from '../exit-code.ts'
import { WANTED_COLUMNS } from './read-row.ts'

export const FORMATS = ['csv', 'jsonl'] as const
export type Format = (typeof FORMATS)[number]

/** Many times what a token and the longest payload of a button take. */
export const LINE_CHARACTERS_MAX = 65_536
/** What is known of each line while a plan is made fits into memory up to here. */
export const LINES_MAX = 1_000_000

export interface FileLine {
  /** From 1, the header of a CSV file included. */
  readonly line: number
  /** Members by name, or what stood there in their place. */
  readonly json: unknown
  /** The line as it came, where it does not parse. */
  readonly unparsed: string | null
}

/**
 * The lines of a file in their order; empty ones are left out.
 * @throws CliError 2 or 78 where the file as a whole cannot be read: what is said names lines and
 *   columns, never what stood in them
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  format: Format,
): AsyncGenerator<FileLine> {
  const text = decoded(bytes)
  let count = 0
  for await (const line of format === 'csv' ? csvLines(text) : jsonLines(text)) {
    count += 1
    if (count > LINES_MAX) throw unusable(line.line, `more than ${LINES_MAX} tokens: split it`)
    yield line
  }
}

/** A byte that is no UTF-8 would be replaced, and a payload has to stay as it was. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError) throw new CliError(exitCodes.configuration, NOT_UTF8)
    throw error
  }
}

const NOT_UTF8 = '<file>: got bytes that are no UTF-8, wanted UTF-8'

interface CsvRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

async function* csvLines(text: AsyncIterable<string>): AsyncGenerator<FileLine> {
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LINE_CHARACTERS_MAX,
  })
  // What goes wrong is thrown out of the loop below.
  pipeline(Readable.from(text), parser, () => {})
  let header: readonly string[] | null = null
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (header === null) header = checkedHeader(record)
      else yield { line: info.lines, json: rowOf(header, record), unparsed: null }
    }
  } catch (error) {
    throw error instanceof CsvError ? csvFault(error) : error
  }
  if (header === null) checkedHeader([])
}

/** With another number of fields nobody knows which is which. */
function rowOf(header: readonly string[], record: readonly string[]): unknown {
  if (record.length !== header.length) return record
  return Object.fromEntries(header.map((name, index) => [name, record[index]]))
}

function checkedHeader(names: readonly string[]): readonly string[] {
  const wrong = WANTED_COLUMNS.filter((name) => names.filter((one) => one === name).length !== 1)
  if (wrong.length > 0) throw otherShape(wrong)
  return names
}

/** The error for a file that is none of tokens. */
function otherShape(missing: readonly string[]): CliError {
  const message =
    `<file>: got no ${missing.join(', ')}, ` +
    `wanted the columns ${WANTED_COLUMNS.join(', ')}, each once`
  return new CliError(exitCodes.usage, message, 'pnpm otn token import --help')
}

/** The words of the library quote the file, so that only its code is told. */
function csvFault({ code, lines }: CsvError): CliError {
  if (code === 'CSV_MAX_RECORD_SIZE') return unusable(Number(lines), TOO_LONG)
  return unusable(Number(lines), `quotes that are no CSV (${code})`)
}

const TOO_LONG = `more than ${LINE_CHARACTERS_MAX} characters`

function unusable(line: number, got: string): CliError {
  const message = `<file>: got ${got} at line ${line}; nothing was published`
  return new CliError(exitCodes.configuration, message)
}

async function* jsonLines(text: AsyncIterable<string>): AsyncGenerator<FileLine> {
  let [line, rest] = [0, '']
  const missing = new Set<string>(WANTED_COLUMNS)
  const parsed = function* (lines: readonly string[]): Generator<FileLine> {
    for (const one of lines) {
      line += 1
      if (one.length > LINE_CHARACTERS_MAX) throw unusable(line, TOO_LONG)
      if (one.trim() === '') continue
      const read = jsonLine(one, line)
      for (const name of missing) if (member(read.json, name) !== undefined) missing.delete(name)
      yield read
    }
  }
  for await (const chunk of text) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* parsed(lines)
    if (rest.length > LINE_CHARACTERS_MAX) throw unusable(line + 1, TOO_LONG)
  }
  yield* parsed([rest])
  // One line may lack a member; where all do, the file is one of something else.
  if (missing.size > 0) throw otherShape([...missing])
}

function jsonLine(text: string, line: number): FileLine {
  const body = parseBody(Buffer.from(text, 'utf8'))
  if (body.kind === 'unusable') return { line, json: null, unparsed: text }
  return { line, json: body.json, unparsed: null }
}
