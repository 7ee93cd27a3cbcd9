import { Pool } from 'undici'

export interface Posts {
  readonly url: string
  readonly path: string
  readonly connections?: number
  /** What each is to be answered; default 200. */
  readonly status?: number
  readonly posts: readonly Post[]
}

export interface Post {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

const CONNECTIONS = 32

/** Posts each once over a fixed number of connections. @throws Error at another answer */
export async function postAll(wish: Posts): Promise<void> {
  const { url, path, posts, connections = CONNECTIONS, status = 200 } = wish
  await using pool = asyncDisposable(new Pool(url, { connections, pipelining: 1 }))
  const left = posts.values()
  const work = async () => {
    for (const { headers, body } of left) {
      const answer = await pool.request({ method: 'POST', path, headers, body })
      await answer.body.dump()
      if (answer.statusCode !== status) throw new Error(`${path} answered ${answer.statusCode}`)
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
}

function asyncDisposable(pool: Pool): Pool & AsyncDisposable {
  return Object.assign(pool, { [Symbol.asyncDispose]: () => pool.close() })
}
