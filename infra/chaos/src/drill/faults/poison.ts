/** What no retry can help: commands nobody can read, broken webhooks, one that ends its process. */
import { commandKeyOf } from '@otn/auditor'
import type { OutRecord } from '@otn/bus'
import { waitFor } from '@otn/engines'
import type { Cell } from '../cell.ts'
import type { Exercise } from '../exercise.ts'

const TAKEN_MS = 60_000
const SEVERAL = 5
const UNKNOWN_SCHEMA = 2_000_000_000

/** Confluent framing with a schema that nobody has registered. */
function unknownSchema(): Buffer {
  const frame = Buffer.alloc(9)
  frame.writeUInt32BE(UNKNOWN_SCHEMA, 1)
  return frame
}

function commandsCutShort({ log }: Cell): Buffer {
  const command = { commandId: 'cut', pageId: '1', requestedBy: 'drill' } as never
  return log.codec.encode('Notify', command).subarray(0, 9)
}

const BAD_VALUES: Readonly<Record<string, (cell: Cell) => Buffer | null>> = {
  'bytes that are no Avro': () => Buffer.from('{"commandId": "x"}'),
  'an unknown schema': unknownSchema,
  'a command that is cut short': commandsCutShort,
  'no value at all': () => null,
}

/** Parked, and the partition goes on: the commands behind them end as all others. */
const parked: readonly Exercise[] = Object.entries(BAD_VALUES).map(([what, make]) => ({
  family: 'poison',
  id: `${SEVERAL} × ${what}`,
  run: async (cell) => {
    const before = await recordsOn(cell, 'parked')
    const records = Array.from({ length: SEVERAL }, (_, index): OutRecord => {
      return { topic: 'notify', key: `poison-${index}`, value: make(cell), headers: {} }
    })
    await cell.traffic.publish(records)
    await untilMore(cell, 'parked', before + SEVERAL)
  },
}))

const quarantined: Exercise = {
  family: 'poison',
  id: 'a broken item between good ones in a webhook',
  run: async (cell) => {
    const before = await recordsOn(cell, 'quarantine')
    const [page] = cell.meta.pages
    const broken = { sender: { id: '1' }, optin: { type: 'one_time_notif_req' } }
    const entry = [{ id: page?.pageId, time: Date.now(), messaging: [broken] }]
    const { status } = await cell.meta.sendBatch({ entry })
    if (status !== 200) throw new Error(`a verified body was answered ${status}`)
    await untilMore(cell, 'quarantine', before + 1)
  },
}

/** K19: each life of the process ends while it works on this command; its neighbours are spared. */
const deadly: Exercise = {
  family: 'poison',
  id: 'a command that ends its process, three lives long',
  run: async (cell) => {
    const { traffic, services, meta, log } = cell
    await traffic.pause()
    await waitFor(async () => traffic.open().length === 0, {
      ...{ timeoutMs: TAKEN_MS, describe: 'the commands before the deadly one to end' },
    })
    await services.dispatcher.arm('kill:ask.before@1')
    await services.dispatcher.untilReady()
    const id = traffic.name()
    const wish = {
      id,
      topic: 'restock-0',
      text: 'Deadly',
      copies: 1,
      isPosted: false,
      waitMs: null,
    }
    await traffic.tell({ isConsented: true, topic: 'restock-0', wishes: [wish] })
    const keys = meta.pages.map(({ pageId }) => commandKeyOf(pageId, id))
    const final = () => {
      const told = keys.flatMap((key) => log.state.commands.get(key)?.facts ?? [])
      return told.find(({ kind }) => kind === 'failed' || kind === 'sent') ?? null
    }
    const isOver = () => final() !== null
    for (let lives = 0; lives < 8 && !isOver(); lives += 1) {
      await waitFor(async () => services.dispatcher.struck().length > 0 || isOver(), {
        ...{ timeoutMs: TAKEN_MS, describe: 'the command to end its process' },
      })
      if (!isOver()) await services.dispatcher.arm('kill:ask.before@1')
    }
    const reason = final()?.reason ?? 'nothing told'
    if (reason !== 'crashed-repeatedly') throw new Error(`the command ended otherwise: ${reason}`)
    traffic.run()
  },
}

export const poisonExercises: readonly Exercise[] = [...parked, quarantined, deadly]

async function recordsOn({ log }: Cell, topic: 'parked' | 'quarantine'): Promise<number> {
  const ends = await log.bus.positions.endOffsets(topic)
  return Number(ends.reduce((sum, end) => sum + end, 0n))
}

async function untilMore(
  cell: Cell,
  topic: 'parked' | 'quarantine',
  wanted: number,
): Promise<void> {
  const are = async () => (await recordsOn(cell, topic)) >= wanted
  await waitFor(are, { timeoutMs: TAKEN_MS, describe: `${wanted} records on ${topic}` })
}
