/**
 * A bare part: the writes of a command, prepared beforehand and in the form the dispatcher has: a
 * document comes into being, then guarded updates of it, one awaited after the other. Those of
 * several commands go in one bulk, as large and as many at a time as the dispatcher's.
 */
import { randomBytes } from 'node:crypto'
import type { AnyBulkWriteOperation, Document } from 'mongodb'
import { byCallers, groupCommit } from '../baselines/group-commit.ts'
import {
  likeThose,
  type RawStore,
  rawCollections,
  type StoredDocument,
} from '../baselines/raw-collection.ts'
import { readTemplates } from '../baselines/templates-file.ts'
import type { Template } from '../ground/look-into-store.ts'
import { answerQuestions } from '../measure/worker.ts'

export type RawWritesQuestion =
  | (RawStore & {
      readonly kind: 'open'
      /** Of `commands`. */
      readonly file: string
      readonly callers: number
      /** Of each command, the one that makes it included. */
      readonly writes: number
      /** Bytes of a fact that waits in the document to be told. */
      readonly factBytes: number
    })
  /** Makes the operations of so many commands. */
  | { readonly kind: 'prepare'; readonly count: number }
  /** Writes what was prepared. */
  | { readonly kind: 'write' }

type Operation = AnyBulkWriteOperation<StoredDocument>
type Opening = Extract<RawWritesQuestion, { kind: 'open' }>

interface Opened extends Opening {
  readonly template: Template
  readonly commit: (operation: Operation) => Promise<void>
  prepared: readonly (readonly Operation[])[]
}

/** As `write-group.ts` of the dispatcher. */
const LIMITS = { sizeMax: 100, sendsMax: 4 }

let opened: Opened | undefined

async function answer(question: RawWritesQuestion): Promise<void> {
  if (question.kind === 'open') {
    opened = await open(question)
    return
  }
  if (opened === undefined) throw new Error('nothing was opened')
  const { template, callers, commit } = opened
  if (question.kind === 'prepare') {
    const documents = likeThose(template, question.count)
    opened.prepared = documents.map((document) => operationsOf(document, opened as Opened))
    return
  }
  await byCallers(opened.prepared, callers, async (operations) => {
    for (const operation of operations) await commit(operation)
  })
}

async function open(question: Opening): Promise<Opened> {
  const { commands: template = { documents: [], indexes: [] } } = readTemplates(question.file)
  const { commands } = await rawCollections(question, { commands: template })
  const send = (operations: readonly Operation[]) =>
    commands.bulkWrite([...operations], { ordered: false })
  return { ...question, template, commit: groupCommit(send, LIMITS), prepared: [] }
}

function operationsOf(document: StoredDocument, { writes, factBytes }: Opened): Operation[] {
  const { _id, revision: _, facts: __, ...rest } = document
  const told = { eventId: '0'.repeat(32), key: '0'.repeat(22), value: randomBytes(factBytes) }
  const made: Operation = { insertOne: { document: { ...rest, _id, revision: 1, facts: [] } } }
  const updates = Array.from({ length: writes - 1 }, (_step, index): Operation => {
    const isLast = index === writes - 2
    const fields = literal({ ...rest, facts: isLast ? [] : [told] })
    const update = [{ $set: { ...fields, revision: index + 2 } }]
    return { updateOne: { filter: { _id, revision: index + 1 }, update } }
  })
  return [made, ...updates]
}

/** As `command-bson.ts` of the dispatcher writes them, so that a text like "$name" stays a text. */
function literal(fields: Document): Document {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, { $literal: value }]),
  )
}

answerQuestions((question) => answer(question as RawWritesQuestion))
