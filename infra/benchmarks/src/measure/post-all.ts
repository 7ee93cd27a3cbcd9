import { Pool } from 'undici'

export interface Posts {
  readonly url: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly bodies: readonly string[]
}

const CONNECTIONS = 32

/** Posts each body once over a fixed number of connections. @throws Error at an answer above 299 */
export async function postAll({ url, path, headers, bodies }: Posts): Promise<void> {
  await using pool = asyncDisposable(new Pool(url, { connections: CONNECTIONS, pipelining: 1 }))
  const left = [...bodies]
  const work = async () => {
    for (let body = left.pop(); body !== undefined; body = left.pop()) {
      const answer = await pool.request({ method: 'POST', path, headers, body })
      await answer.body.dump()
      if (answer.statusCode > 299) throw new Error(`${path} answered ${answer.statusCode}`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
}

function asyncDisposable(pool: Pool): Pool & AsyncDisposable {
  return Object.assign(pool, { [Symbol.asyncDispose]: () => pool.close() })
}
