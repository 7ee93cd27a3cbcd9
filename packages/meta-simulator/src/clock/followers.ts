/**
 * Who follows the simulator's clock. A jump counts as made when every follower that is connected
 * has confirmed it, so a test may ask a service for tomorrow's truth right after the jump.
 */

/** One line of the stream `GET /clock`. */
export interface ClockFrame {
  /** Counts the jumps; what a follower confirms. */
  readonly revision: number
  /** The simulator's time as the line was written, milliseconds since the epoch. */
  readonly nowMs: number
  /** Whether time passes between jumps. */
  readonly running: boolean
}

interface Follower {
  readonly name: string
  readonly tell: (frame: ClockFrame) => void
  /** Called when another connection takes the name, and at the end. */
  readonly dismiss: () => void
}

export interface Followers {
  /** A second follower of the same name takes the first one's place. @returns what leaves */
  follow(follower: Follower, frame: ClockFrame): () => void
  /** @returns false for a name that nobody follows under */
  confirm(name: string, revision: number): boolean
  /** @returns the names that had not confirmed within the limit; none = all did */
  tell(frame: ClockFrame, limitMs: number): Promise<readonly string[]>
  names(): readonly string[]
  close(): void
}

interface Following {
  readonly follower: Follower
  confirmed: number
}

export function createFollowers(): Followers {
  const followings = new Map<string, Following>()
  const waiting = new Set<() => void>()
  const look = (): void => {
    for (const check of [...waiting]) check()
  }
  const lagging = (revision: number): readonly string[] =>
    [...followings.values()]
      .filter(({ confirmed }) => confirmed < revision)
      .map(({ follower }) => follower.name)

  return {
    follow: (follower, frame) => {
      followings.get(follower.name)?.follower.dismiss()
      const following = { follower, confirmed: -1 }
      followings.set(follower.name, following)
      follower.tell(frame)
      return () => {
        if (followings.get(follower.name) === following) followings.delete(follower.name)
        look()
      }
    },
    confirm: (name, revision) => {
      const following = followings.get(name)
      if (following === undefined) return false
      following.confirmed = Math.max(following.confirmed, revision)
      look()
      return true
    },
    tell: (frame, limitMs) => {
      for (const { follower } of followings.values()) follower.tell(frame)
      return new Promise((resolve) => {
        const finish = (): void => {
          waiting.delete(check)
          clearTimeout(timer)
          resolve(lagging(frame.revision))
        }
        const check = (): void => {
          if (lagging(frame.revision).length === 0) finish()
        }
        const timer = setTimeout(finish, limitMs).unref()
        waiting.add(check)
        check()
      })
    },
    names: () => [...followings.keys()],
    close: () => {
      for (const { follower } of followings.values()) follower.dismiss()
      followings.clear()
      look()
    },
  }
}
