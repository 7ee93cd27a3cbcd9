/** What somebody waits for: the next step of one of its calls. */
export interface Parked {
  readonly actor: Actor
  readonly label: string
  /** Under way to somebody else: it may arrive although its sender died. */
  readonly arrives: (() => void) | null
  readonly go: () => void
  readonly fail: (error: Error) => void
}

/** A process of the world, or somebody outside who acts. Dead once, it never acts again. */
export class Actor {
  readonly name: string
  readonly kind: ActorKind
  isAlive = true
  isFrozen = false
  /** What would go on if it were not frozen. */
  readonly aside: Parked[] = []
  /** How often each of its calls was made: scripts name the n-th. */
  readonly calls = new Map<string, number>()

  constructor(kind: ActorKind, name: string) {
    this.kind = kind
    this.name = name
  }
}

export type ActorKind = 'dispatcher' | 'ledger' | 'ingress' | 'outside'

/** Unwinds the calls of a process that is dead; no code of the services knows it. */
export class Killed extends Error {
  override readonly name = 'Killed'

  constructor() {
    super('the process is dead')
    // A dead process looks at no stack.
    this.stack = ''
  }
}
