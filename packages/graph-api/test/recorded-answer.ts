import { readdirSync, readFileSync } from 'node:fs'
import type { AddressedBy, AnswerHeaders, GraphObservation } from '../src/index.ts'
import { maskSecrets } from '../src/mask-secrets.ts'
import { parseAnswer } from '../src/parse-answer.ts'

/** An answer as it stood on the wire, and what must be made of it. */
export interface RecordedAnswer {
  readonly addressedBy: AddressedBy
  readonly answer: {
    readonly status: number
    readonly headers: AnswerHeaders
    /** The bytes, as text. */
    readonly body: string
    readonly bodyCut?: boolean
  }
  readonly expected: Readonly<Record<string, unknown>>
}

/** The recorded answers of a folder under `fixtures`, by file name without `.json`. */
export function recordedAnswers(folder: 'answers' | 'shapes'): ReadonlyMap<string, RecordedAnswer> {
  const at = new URL(`../fixtures/${folder}/`, import.meta.url)
  const names = readdirSync(at).map((file) => file.replace(/\.json$/, ''))
  return new Map(
    names.map((name) => [name, JSON.parse(readFileSync(new URL(`${name}.json`, at), 'utf8'))]),
  )
}

/** What the client would have seen of it. */
export function observed({ answer }: RecordedAnswer): GraphObservation {
  const bytes = Buffer.from(answer.body)
  const bodyCut = answer.bodyCut ?? false
  return {
    seen: 'answered',
    status: answer.status,
    headers: answer.headers,
    json: bodyCut ? null : parseAnswer(bytes, maskSecrets([])),
    bodyBytes: bytes.length,
    bodyCut,
  }
}
