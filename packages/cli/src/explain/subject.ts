/** Which facts speak of the id that was asked about, and as what. Pure. */
import type { StoryFact } from './story.ts'

export type Subject =
  | { readonly kind: 'command' | 'token'; readonly facts: readonly StoryFact[] }
  /** Two pages have a command of this id. */
  | { readonly kind: 'several-pages'; readonly pages: readonly string[] }
  | { readonly kind: 'nothing' }

/** @param page null for any */
export function subjectOf(
  id: string,
  { story, page }: { readonly story: readonly StoryFact[]; readonly page: string | null },
): Subject {
  const told = story.filter(({ decoded }) => page === null || decoded.value.pageId === page)
  const own = told.filter((fact) => tokenOf(fact) === id)
  const token = told.filter((fact) => own.includes(fact) || withdraws(fact, own))
  // Commands may be named like anything; a token id is known by its consent.
  if (token.some(({ topic }) => topic === 'optIn')) return { kind: 'token', facts: token }
  const command = told.filter((fact) => speaksOfCommand(fact, id))
  const pages = [...new Set(command.map(({ decoded }) => String(decoded.value.pageId)))]
  if (pages.length > 1) return { kind: 'several-pages', pages }
  if (command.length > 0) return { kind: 'command', facts: command }
  return token.length > 0 ? { kind: 'token', facts: token } : { kind: 'nothing' }
}

/** Whether a withdrawal by person or topic covers the consent that these facts of a token tell. */
function withdraws(fact: StoryFact, own: readonly StoryFact[]): boolean {
  if (fact.topic !== 'token' || fact.decoded.value.type !== 'ConsentWithdrawn') return false
  const { pageId, person, tokenId, topic, withdrawnAt } = fact.decoded.value
  const grant = own.find((one) => one.topic === 'optIn')?.decoded.value
  if (tokenId || grant?.pageId !== pageId || grant.grantedAt > withdrawnAt) return false
  const topics = own.map(({ decoded: { value } }) => ('topic' in value ? value.topic : null))
  return (!person || person === grant.person) && (!topic || topics.includes(topic))
}

function tokenOf(fact: StoryFact): string | null {
  if (fact.topic === 'cancel' || fact.topic === 'parked') return null
  return fact.decoded.value.tokenId ?? null
}

function speaksOfCommand(fact: StoryFact, id: string): boolean {
  switch (fact.topic) {
    case 'notify':
    case 'notification':
    case 'optInRequest':
    case 'optInRequestEvent':
    case 'parked':
      return fact.decoded.value.commandId === id
    case 'cancel':
      return fact.decoded.value.commandId === id || fact.decoded.value.cancels === id
    case 'optIn':
    case 'token':
      return false
  }
}
