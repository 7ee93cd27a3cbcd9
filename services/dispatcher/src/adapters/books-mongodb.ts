import { pageId, personId } from '@otn/kernel'
import type { Collection } from 'mongodb'
import type { Books } from '../books-port.ts'
import type { CommandRecord } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'

/** More questions to one person than this are over every limit that can be set. */
const PERSON_MAX = 1_000

/** Questions put to people, as the documents of their commands know them. */
export function booksIn(commands: Collection<CommandRecord>): Books {
  return {
    look: async ({ id, pageId: page, person, sinceMs, pageSinceMs, pageMax }) => {
      const others = { _id: { $ne: id }, pageId: page }
      const since = { $gt: new Date(sinceMs) }
      const ofPerson = commands
        .find({ ...others, 'asked.person': person, 'asked.at': since })
        .project<Pick<CommandRecord, 'pageId' | 'asked'>>({ pageId: 1, asked: 1 })
        .limit(PERSON_MAX)
      const onPage = { ...others, 'asked.at': { $gt: new Date(pageSinceMs) } }
      const [found, count] = await Promise.all([
        reaching(ofPerson.toArray()),
        reaching(commands.countDocuments(onPage, { limit: pageMax })),
      ])
      return {
        ofPerson: found.flatMap(({ pageId: on, asked }) => {
          if (!asked) return []
          const { person: who, topic, titleDigest = null, at } = asked
          const told = { topic, titleDigest, at: at.getTime() }
          return [{ pageId: pageId(on), person: personId(who), ...told }]
        }),
        onPage: count,
      }
    },
  }
}
