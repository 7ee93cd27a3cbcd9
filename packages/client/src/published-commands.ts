import { type NotificationEvent, UNHEARD_DIGEST } from '@otn/contracts'
import { type CommandState, commandFold } from './command-state.ts'

/** A command whose facts are collected. */
export interface FollowedCommand {
  readonly pageId: string
  readonly commandId: string
  /** Null where only the id is known: then every fact with that id counts. */
  readonly digest: string | null
  readonly outcomeFrom: readonly bigint[]
  state: CommandState
  /** Called after every fact that changed the state. */
  readonly watchers: Set<() => void>
}

/** What this notifier published lately, with what is known of it. */
export interface PublishedCommands {
  remember(command: Omit<FollowedCommand, 'state' | 'watchers'>): void
  /** By id alone: the youngest command with this id, of any page. */
  find(commandId: string, pageId?: string): FollowedCommand | null
  apply(fact: NotificationEvent): void
}

/** Keeps the youngest `limit` commands, and any that is being waited for. */
export function publishedCommands(limit: number): PublishedCommands {
  const byKey = new Map<string, FollowedCommand>()
  const keyOf = (pageId: string, commandId: string) => `${pageId}:${commandId}`
  const forgetOldest = (): void => {
    for (const [key, { watchers }] of byKey) {
      if (byKey.size <= limit) return
      if (watchers.size === 0) byKey.delete(key)
    }
  }
  return {
    remember: (command) => {
      const key = keyOf(command.pageId, command.commandId)
      // A repeat keeps the older position: the facts may stand before the younger one.
      const earlier = byKey.get(key)
      const known = earlier?.digest === command.digest ? earlier : followed(command)
      byKey.delete(key)
      byKey.set(key, known)
      forgetOldest()
    },
    find: (commandId, pageId) => {
      if (pageId !== undefined) return byKey.get(keyOf(pageId, commandId)) ?? null
      return [...byKey.values()].findLast((command) => command.commandId === commandId) ?? null
    },
    apply: (fact) => {
      const command = byKey.get(keyOf(fact.pageId, fact.commandId))
      if (command) applyFact(command, fact)
    },
  }
}

export function followed(command: Omit<FollowedCommand, 'state' | 'watchers'>): FollowedCommand {
  return { ...command, state: commandFold.initialState, watchers: new Set() }
}

/**
 * Adds a fact to what is known of a command and tells who waits for it. A fact about another
 * command is passed over, also where that one has the same id and another content.
 */
export function applyFact(command: FollowedCommand, fact: NotificationEvent): void {
  if (fact.commandId !== command.commandId || fact.pageId !== command.pageId) return
  const { digest } = command
  const isOurs = fact.commandDigest === digest || fact.commandDigest === UNHEARD_DIGEST
  if (digest !== null && !isOurs) return
  command.state = commandFold.evolve(command.state, fact)
  for (const watcher of command.watchers) watcher()
}
