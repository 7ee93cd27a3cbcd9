/** Who plays in a scenario, and what the player remembers of them. */
import { appError } from '@otn/kernel'

import type { Stage } from './stage.ts'

export interface Part {
  readonly pageId: string
  readonly psid: string
  /** The newest request that this person was asked. */
  requestMid: string | null
  readonly tokens: string[]
}

export interface Cast {
  /** Whoever is named; somebody new on that page where the name is new. */
  get(who: string, page: number): Promise<Part>
  /** @throws OTN_HTTP_CONFLICT for a name that nothing was done with yet */
  known(who: string): Part
}

/** Every play has people of its own, so a scenario can be played again and again. */
export function createCast(stage: Stage): Cast {
  const parts = new Map<string, Part>()
  return {
    get: async (who, page) => {
      const known = parts.get(who)
      if (known !== undefined) return known
      const pageId = stage.pageIds[page]
      if (pageId === undefined) throw impossible(`there is no page ${page}`)
      const [person] = await stage.addPeople({ pageId, name: nameOf(who) })
      if (person === undefined) throw impossible(`${who} could not join`)
      const part: Part = { pageId, psid: person.psid, requestMid: null, tokens: [] }
      parts.set(who, part)
      return part
    },
    known: (who) => {
      const part = parts.get(who)
      if (part === undefined) throw impossible(`nobody was called ${who} in an earlier step`)
      return part
    },
  }
}

/** The error for a step that cannot be done. */
export function impossible(publicMessage: string): Error {
  return appError('OTN_HTTP_CONFLICT', { message: publicMessage, publicMessage })
}

function nameOf(who: string): string {
  return `${who.charAt(0).toUpperCase()}${who.slice(1)}`
}
