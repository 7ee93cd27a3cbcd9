import type { OpenedLog } from '@otn/bus'
import { SHADOW_TOPICS, type ShadowRecord } from '@otn/shadow'
import { CliError, exitCodes } from '../exit-code.ts'
import { readLog } from '../log/read-log.ts'

/** What stands on the log now. It is read by nobody's group, so nobody's reading changes. */
export async function readRecords(
  log: OpenedLog,
  signal: AbortSignal,
): Promise<readonly ShadowRecord[]> {
  const records: ShadowRecord[] = []
  await readLog(log, {
    ...{ topics: SHADOW_TOPICS, until: 'end', signal },
    onRecord: ({ topic, timestampMs, decoded }) => {
      if (decoded.kind !== 'known') return
      records.push({ topic, timestampMs, value: decoded.value } as ShadowRecord)
    },
  })
  return records
}

/**
 * A log that was written to a file: JSON, a record a line, `{ topic, timestampMs, value }` with the
 * topic by its short name (`notify`, `notification`, …) and bytes in base64.
 * @throws CliError 78 that names the line
 */
export function parseRecords(text: string, file: string): readonly ShadowRecord[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [recordOf(line, index)]))

  function recordOf(line: string, index: number): ShadowRecord {
    const read = parsed(line)
    const isKnown = SHADOW_TOPICS.some((topic) => topic === read?.topic)
    if (read && isKnown && typeof read.timestampMs === 'number' && isObject(read.value)) {
      return { ...read, value: withBytes(read.value) } as unknown as ShadowRecord
    }
    const wanted = `{ topic, timestampMs, value }, topic one of ${SHADOW_TOPICS.join(', ')}`
    const message = `${file}:${index + 1}: got ${line.slice(0, 60)}, wanted ${wanted}`
    throw new CliError(exitCodes.configuration, message)
  }
}

type Fields = Readonly<Record<string, unknown>>

function parsed(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withBytes(value: Fields): Fields {
  const { sealed } = value
  return typeof sealed === 'string' ? { ...value, sealed: Buffer.from(sealed, 'base64') } : value
}
