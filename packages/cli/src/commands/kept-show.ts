/** `quarantine show` and `parked show`: one entry, and what it holds as far as it may be shown. */
import { allKafkaTopics, type Codec, type TopicAlias } from '@otn/contracts'
import { parseBody } from '@otn/kernel'
import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { choose } from '../kept/choose.ts'
import { type ContentView, contentView, textView } from '../kept/content-view.ts'
import { type KeptEntry, type KeptIn, stateOf } from '../kept/kept-entry.ts'
import { readKeys } from '../kept/keys.ts'
import { type Content, eachContent, readKept } from '../kept/read-kept.ts'
import { type OpenLog, withLog } from '../kept/with-log.ts'
import { masked } from '../log/masked.ts'
import { fieldLines } from '../output/field-lines.ts'
import { printable } from '../output/printable.ts'
import { topicOf } from '../parked/judge.ts'
import { eventIds } from './kept-flags.ts'
import { entryView } from './kept-list.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const EXAMPLE_ID = '19342fe8002e6df3cf684809ae863aef'

interface ShowFlags {
  readonly personal?: boolean
}

export function addQuarantineShow(parent: Command, cli: Cli): void {
  addShow(parent, cli, 'quarantine')
}

export function addParkedShow(parent: Command, cli: Cli): void {
  addShow(parent, cli, 'parked')
}

function addShow(parent: Command, cli: Cli, keptIn: KeptIn): void {
  const command = leaf(parent, {
    usage: 'show <id>',
    summary: 'one entry: why it was set aside, what became of it, the shape of what it holds',
    examples: [`${keptIn} show ${EXAMPLE_ID}`, `${keptIn} show ${EXAMPLE_ID} --personal`],
    remarks:
      'What it holds is opened with OTN_MASTER_KEY, where that is set; names of members and\n' +
      'kinds of values are shown, values with --personal alone, a token never.',
  })
  command.option('--personal', 'show what it holds: it is somebody’s')
  const run = (flags: ShowFlags, parts: Run) =>
    show(command.args[0] ?? '', { flags, keptIn, run: parts })
  runs<ShowFlags>(command, { cli, reaches: ['kafka', 'registry'], run })
}

interface Showing {
  readonly flags: ShowFlags
  readonly keptIn: KeptIn
  readonly run: Run
}

async function show(id: string, { flags, keptIn, run }: Showing): Promise<ExitCode> {
  const { context, output, shell } = run
  const ids = eventIds([id])
  const { entry, holds } = await withLog(run, async (opened) => {
    const place = { log: opened.log, keptIn, signal: shell.signal }
    const choice = { ids, page: undefined, reason: undefined, state: undefined }
    const [found] = choose(await readKept(place), { choice, keptIn })
    if (found === undefined) throw new Error('an entry that was chosen is there')
    const view = { isPersonal: flags.personal ?? false }
    const seen = { content: undefined as unknown }
    if (context.has('OTN_MASTER_KEY')) {
      const { vault } = readKeys(context)
      const onContent = async (one: KeptEntry, content: Content) => {
        seen.content = await viewOf(content, { entry: one, view, opened })
      }
      await eachContent(place, { entries: [found], vault, onContent })
    }
    return { entry: found, holds: seen.content }
  })
  output.data({ ...entryView(entry), holds }, (style) => [
    style.bold(`${keptIn} ${entry.eventId}`),
    ...fieldLines(fieldsOf(entry)),
    '',
    ...(holds === undefined ? ['sealed; set OTN_MASTER_KEY to see its shape'] : linesOf(holds)),
  ])
  if (stateOf(entry) === 'open') output.next(`pnpm otn ${keptIn} redrive ${id} --dry-run`)
  return exitCodes.ok
}

function fieldsOf({ resolution, from, at, timestampMs, ...fields }: KeptEntry) {
  const place = from === null ? null : `${from.kafkaTopic}/${from.partition}@${from.offset}`
  const { state = 'open', ...rest } = resolution ?? {}
  return { ...fields, keptAt: at, from: place, state, ...prefixed(rest) }
}

function prefixed(fields: object): Readonly<Record<string, unknown>> {
  const { at, by, ...rest } = fields as { readonly at?: number; readonly by?: string }
  return at === undefined ? {} : { resolvedAt: at, resolvedBy: by, ...rest }
}

function linesOf(holds: unknown): readonly string[] {
  const text = typeof holds === 'string' ? holds : JSON.stringify(holds, null, 2)
  return text.split('\n').map(printable)
}

interface Viewing {
  readonly entry: KeptEntry
  readonly view: ContentView
  readonly opened: OpenLog
}

async function viewOf(content: Content, { entry, view, opened }: Viewing): Promise<unknown> {
  if (content === null) return 'its seal does not open with the keys in OTN_MASTER_KEY'
  if (entry.from !== null) return parkedView(content, { entry, view, opened })
  if (typeof content.body !== 'string') return contentView(content.item, view)
  const bytes = Buffer.from(content.body, 'base64')
  const parsed = parseBody(bytes)
  return parsed.kind === 'parsed' ? contentView(parsed.json, view) : textView(bytes, view)
}

/** Read by the schema where that can be done now; else how many bytes there are. */
async function parkedView(
  content: NonNullable<Content>,
  { entry, view, opened: { log, prefix } }: Viewing,
): Promise<unknown> {
  const value = typeof content.value === 'string' ? Buffer.from(content.value, 'base64') : null
  const topic = topicOf(entry, prefix)
  if (value === null) return 'no value'
  const read = topic === null ? null : decodedAs(topic, { codec: log.codec, value })
  if (read === null) return textView(value, view)
  return contentView(view.isPersonal ? read.value : masked(read.record, read.value), {
    isPersonal: true,
  })
}

function decodedAs(
  topic: TopicAlias,
  { codec, value }: { readonly codec: Codec; readonly value: Buffer },
) {
  const record = allKafkaTopics.find(({ alias }) => alias === topic)?.record
  if (record === undefined) return null
  const decoded = codec.decode(record, value)
  return decoded.kind === 'known' ? { record, value: decoded.value } : null
}
